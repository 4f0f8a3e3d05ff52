// Fills a form with SheetJS: fill_sheetjs.js FORM FILLED ROWS, where ROWS is JSON: {"row number": {"column": value}}.
const XLSX = require("xlsx");

const [form, filled, rows] = process.argv.slice(2);
const book = XLSX.readFile(form, { cellStyles: true, cellNF: true });
const sheet = book.Sheets[book.SheetNames[0]];
const range = XLSX.utils.decode_range(sheet["!ref"]);
const columns = {};
for (let c = range.s.c; c <= range.e.c; c++) columns[sheet[XLSX.utils.encode_cell({ r: 0, c })].v] = c;
for (const [row, values] of Object.entries(JSON.parse(rows))) {
    for (const [column, value] of Object.entries(values)) {
        XLSX.utils.sheet_add_aoa(sheet, [[value]], { origin: { r: Number(row) - 1, c: columns[column] } });
    }
}
XLSX.writeFile(book, filled);
