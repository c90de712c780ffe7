//! Enums whose numbers and names other languages know.

/// Makes such an enum: the variants, their numbers and their names come from one table, and from nowhere else.
///
/// The numbers are part of the boundary with other languages and never change; a new one is the next that is free.
macro_rules! numbered {
    (
        $(#[$about:meta])*
        pub enum $type:ident {
            $($(#[$doc:meta])* $number:literal $name:literal $variant:ident,)+
        }
    ) => {
        $(#[$about])*
        ///
        /// The numbers are part of the boundary with other languages and never change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum $type {
            $($(#[$doc])* $variant = $number,)+
        }

        /// The table is in the order of the numbers.
        const _: () = {
            let mut at = 1;
            while at < $type::ALL.len() {
                assert!($type::ALL[at - 1].number() < $type::ALL[at].number());
                at += 1;
            }
        };

        impl $type {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [$type] = &[$($type::$variant,)+];

            /// The number by which other languages know it.
            #[must_use]
            pub const fn number(self) -> u8 {
                self as u8
            }

            /// The name by which other languages know it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($type::$variant => $name,)+
                }
            }

            /// The one with this number.
            #[must_use]
            pub const fn from_number(number: u8) -> Option<$type> {
                match number {
                    $($number => Some($type::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use numbered;
