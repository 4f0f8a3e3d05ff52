// Fills a form with exceljs: fill_exceljs.js FORM FILLED ROWS, where ROWS is JSON: {"row number": {"column": value}}.
const ExcelJS = require("exceljs");

async function fill([form, filled, rows]) {
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(form);
    const sheet = book.worksheets[0];
    const columns = {};
    sheet.getRow(1).eachCell((cell, at) => (columns[cell.value] = at));
    for (const [row, values] of Object.entries(JSON.parse(rows))) {
        for (const [column, value] of Object.entries(values)) sheet.getRow(Number(row)).getCell(columns[column]).value = value;
    }
    await book.xlsx.writeFile(filled);
}

fill(process.argv.slice(2));
