//! What is played.

use proptest::prelude::*;
use sluice::Mechanism;

pub(crate) const MOST: usize = 400_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Tcp,
    Unix,
    Pipe,
    File,
}

#[derive(Debug, Clone)]
pub(crate) struct Scenario {
    pub(crate) source: Kind,
    pub(crate) target: Kind,
    pub(crate) mechanism: Mechanism,
    pub(crate) at_once: bool,
    pub(crate) count: usize,
    pub(crate) supply: usize,
    pub(crate) stall_after: usize,
    pub(crate) stall_millis: u64,
}

pub(crate) fn scenarios() -> impl Strategy<Value = Scenario> {
    let kind = || {
        prop_oneof![
            Just(Kind::Tcp),
            Just(Kind::Unix),
            Just(Kind::Pipe),
            Just(Kind::File)
        ]
    };
    let mechanism = prop_oneof![
        4 => Just(Mechanism::Auto),
        1 => Just(Mechanism::ReadWrite),
        1 => Just(Mechanism::Splice),
        1 => prop::sample::select(Mechanism::EXACT),
    ];
    let size = || prop_oneof![0..20_000_usize, 0..MOST];
    (
        (kind(), kind(), mechanism, any::<bool>()),
        (size(), size(), size(), 0..10_u64),
    )
        .prop_map(
            |((source, target, mechanism, at_once), (count, supply, stall_after, stall_millis))| {
                Scenario {
                    source,
                    target,
                    mechanism,
                    at_once,
                    count,
                    supply,
                    stall_after,
                    stall_millis,
                }
            },
        )
}
