//! The ways in which the kernel moves bytes, as one enum.

/// A way to move bytes from one descriptor to another.
///
/// The numbers are part of the boundary with other languages and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Mechanism {
    /// The ladder: the mechanism with the fewest copies that the kernel does not refuse.
    Auto = 0,
    /// `read` into a buffer of ours and `write` out of it: two copies by the CPU, serves everything.
    ReadWrite = 1,
    /// `sendfile`: the pages of a file are handed to the target inside the kernel.
    Sendfile = 3,
}

impl Mechanism {
    /// One more than the largest number of a mechanism: the length of a table that is indexed by them.
    pub const COUNT: usize = 8;

    /// Every mechanism that moves bytes itself, in the order of their numbers: all but [`Mechanism::Auto`].
    pub const EXACT: &[Mechanism] = &[Mechanism::ReadWrite, Mechanism::Sendfile];

    /// The mechanism with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Mechanism> {
        if number == Mechanism::Auto as u8 {
            return Some(Mechanism::Auto);
        }
        Mechanism::EXACT
            .iter()
            .copied()
            .find(|mechanism| *mechanism as u8 == number)
    }
}
