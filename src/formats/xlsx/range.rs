//! Names of cells, and the size of a sheet.
//! What the cells hold is in `cells`, what conditional formats do to ranges of them in `conditional`.

/// The size of an Excel sheet in columns and rows.
pub const SHEET_COLUMNS: usize = 16_384;
pub const SHEET_ROWS: usize = 1_048_576;

/// The row (from 1) and the column (from 0) of a cell name such as `C12`.
pub fn parse_name(name: &str) -> Option<(usize, usize)> {
    let digits = name.find(|sign: char| sign.is_ascii_digit())?;
    let (letters, row) = name.split_at(digits);
    let letter = |column: usize, letter: u8| match letter {
        b'A'..=b'Z' => Some(column * 26 + usize::from(letter - b'A') + 1),
        _ => None,
    };
    let column = Some(letters).filter(|letters| letters.len() <= 3)?.bytes().try_fold(0, letter)?.checked_sub(1)?;
    let row = Some(row).filter(|row| row.len() <= 7 && row.bytes().all(|digit| digit.is_ascii_digit()))?.parse().ok()?;
    Some((row, column)).filter(|(row, _)| *row > 0)
}
