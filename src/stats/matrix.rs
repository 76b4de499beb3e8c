//! Small dense matrices: what a model of a few dozen terms needs.
//!
//! In: rows of numbers. Out: sums of outer products and their inverse. Written out here, as fifty lines do what else takes nineteen
//! more crates.

/// A pivot under this share of its own diagonal is none: its column follows from those before.
const RANK: f64 = 1e-10;

/// A table of so many columns, row by row: the terms of a model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Design {
    columns: usize,
    cells: Vec<f64>,
}

impl Design {
    /// Without rows.
    pub fn new(columns: usize) -> Self {
        Self { columns, cells: Vec::new() }
    }

    /// Adds a row; cells beyond the columns are left out, and cells that are lacking are 0.
    pub fn push(&mut self, row: impl IntoIterator<Item = f64>) {
        let end = self.cells.len() + self.columns;
        self.cells.extend(row.into_iter().take(self.columns));
        self.cells.resize(end, 0.0);
    }

    /// Terms.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Row by row.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> + Clone {
        self.cells.chunks_exact(self.columns.max(1))
    }
}

/// A symmetric matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Symmetric {
    size: usize,
    cells: Vec<f64>,
}

impl Symmetric {
    /// All 0.
    pub fn zero(size: usize) -> Self {
        Self { size, cells: vec![0.0; size * size] }
    }

    /// A cell.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.size + column]
    }

    /// Adds `weight` times the outer product of a row with itself. Most terms of a model are 0 in most rows, and pass unseen.
    pub fn add_square(&mut self, weight: f64, row: &[f64]) {
        let size = self.size;
        for (at, own) in row.iter().enumerate().filter(|(_, own)| **own != 0.0) {
            for (cell, other) in self.cells[at * size..(at + 1) * size].iter_mut().zip(row) {
                *cell += weight * (own * other);
            }
        }
    }

    /// Adds `weight` times `a b' + b a'` over two.
    pub fn add(&mut self, weight: f64, a: &[f64], b: &[f64]) {
        for row in 0..self.size {
            for column in 0..self.size {
                self.cells[row * self.size + column] += weight * f64::midpoint(a[row] * b[column], b[row] * a[column]);
            }
        }
    }

    /// Adds to a cell of the diagonal.
    pub fn add_to_diagonal(&mut self, at: usize, more: f64) {
        self.cells[at * self.size + at] += more;
    }

    /// Multiplies every cell.
    pub fn scale(&mut self, by: f64) {
        self.cells.iter_mut().for_each(|cell| *cell *= by);
    }

    /// The matrix times a column.
    pub fn times(&self, column: &[f64]) -> Vec<f64> {
        self.cells.chunks_exact(self.size.max(1)).map(|row| dot(row, column)).collect()
    }

    /// This matrix on both sides of another: `S M S`.
    #[must_use]
    pub fn around(&self, middle: &Self) -> Self {
        let half: Vec<Vec<f64>> = (0..self.size).map(|at| middle.times(self.row(at))).collect();
        let cells = (0..self.size).flat_map(|row| (0..self.size).map(move |column| (row, column)));
        Self { size: self.size, cells: cells.map(|(row, column)| dot(&half[row], self.row(column))).collect() }
    }

    /// The part of some rows and columns.
    #[must_use]
    pub fn part(&self, kept: &[usize]) -> Self {
        let cells = kept.iter().flat_map(|row| kept.iter().map(|column| self.at(*row, *column))).collect();
        Self { size: kept.len(), cells }
    }

    fn row(&self, at: usize) -> &[f64] {
        &self.cells[at * self.size..(at + 1) * self.size]
    }

    /// The inverse of a positive definite matrix, by Cholesky's factors; `None` where a column follows from others.
    pub fn inverse(&self) -> Option<Self> {
        let factor = self.factor()?;
        let columns: Vec<Vec<f64>> = (0..self.size).map(|unit| self.solve_unit(&factor, unit)).collect();
        let cells = (0..self.size).flat_map(|row| columns.iter().map(move |column| column[row])).collect();
        Some(Self { size: self.size, cells })
    }

    /// The lower factor, row by row.
    fn factor(&self) -> Option<Vec<f64>> {
        let size = self.size;
        let mut lower = vec![0.0; size * size];
        for row in 0..size {
            for column in 0..=row {
                let known = dot(&lower[row * size..row * size + column], &lower[column * size..column * size + column]);
                let rest = self.at(row, column) - known;
                if row != column {
                    lower[row * size + column] = rest / lower[column * size + column];
                } else if rest.is_finite() && rest > RANK * self.at(row, row) {
                    lower[row * size + row] = rest.sqrt();
                } else {
                    return None;
                }
            }
        }
        Some(lower)
    }

    /// A column of the inverse.
    fn solve_unit(&self, lower: &[f64], unit: usize) -> Vec<f64> {
        let size = self.size;
        let mut found = vec![0.0; size];
        for row in 0..size {
            let right = f64::from(u8::from(row == unit));
            found[row] = (right - dot(&lower[row * size..row * size + row], &found[..row])) / lower[row * size + row];
        }
        for row in (0..size).rev() {
            let below: f64 = (row + 1..size).map(|later| lower[later * size + row] * found[later]).sum();
            found[row] = (found[row] - below) / lower[row * size + row];
        }
        found
    }
}

/// The sum of products.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_rows(rows: &[[f64; 2]]) -> Symmetric {
        let mut sum = Symmetric::zero(2);
        for row in rows {
            sum.add_square(1.0, row);
        }
        sum
    }

    #[test]
    fn an_inverse_by_hand() {
        // Rows (2, 0) and (1, 3): [[5, 3], [3, 9]], determinant 36, inverse [[9, -3], [-3, 5]] / 36.
        let found = of_rows(&[[2.0, 0.0], [1.0, 3.0]]);
        let inverse = found.inverse().unwrap();
        for (row, column, wanted) in [(0, 0, 0.25), (0, 1, -1.0 / 12.0), (1, 0, -1.0 / 12.0), (1, 1, 5.0 / 36.0)] {
            assert!((inverse.at(row, column) - wanted).abs() < 1e-15);
        }
        assert!((inverse.around(&found).at(0, 1) - inverse.at(0, 1)).abs() < 1e-15);
        assert_eq!(found.times(&[1.0, 2.0]), [11.0, 21.0]);
        assert!((found.part(&[1]).at(0, 0) - 9.0).abs() < 1e-15);
    }

    #[test]
    fn a_column_that_follows_from_another_has_no_inverse() {
        assert_eq!(of_rows(&[[1.0, 3.0], [2.0, 6.0], [0.1, 0.3]]).inverse(), None);
        assert_eq!(of_rows(&[[1.0, 0.0]]).inverse(), None);
    }

    #[test]
    fn rows_have_the_length_of_the_design() {
        let mut design = Design::new(2);
        design.push([1.0, 2.0, 3.0]);
        design.push([4.0]);
        assert_eq!(design.rows().collect::<Vec<_>>(), [[1.0, 2.0], [4.0, 0.0]]);
    }
}
