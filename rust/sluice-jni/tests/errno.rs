//! The table of errnos in Java is that of the C library, whole: an errno that is wrong or missing on one side fails here.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

use nix::errno::Errno;
use std::collections::BTreeMap;
use std::fs::read_to_string;
use std::path::Path;

/// Beyond the last number of Linux, and of its own that leak now and then, such as `ENOTSUPP` (524).
const NUMBERS: std::ops::RangeInclusive<i32> = 1..=600;

fn source(path: &str) -> String {
    read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Symbol and text by number, from lines such as `EPERM(1, "Operation not permitted"),`.
fn java() -> BTreeMap<i32, (String, String)> {
    source("../../java/sluice/src/main/java/dev/sluice/internal/boundary/Errno.java")
        .lines()
        .filter_map(|line| {
            let (symbol, rest) = line.trim().split_once('(')?;
            let (number, text) = rest.split_once(", \"")?;
            let number = number.parse().ok()?;
            let text = text.split_once('"')?.0;
            Some((number, (symbol.to_owned(), text.to_owned())))
        })
        .collect()
}

/// Symbol by number, from lines such as `ERRNO(EPERM, 1)`, which the C compiler has checked.
fn c() -> BTreeMap<i32, String> {
    source("c/abi.c")
        .lines()
        .filter_map(|line| {
            let (symbol, number) = line
                .strip_prefix("ERRNO(")?
                .strip_suffix(')')?
                .split_once(", ")?;
            Some((number.parse().ok()?, symbol.to_owned()))
        })
        .collect()
}

#[test]
fn java_and_c_know_every_errno_by_the_same_number() {
    let java = java();
    assert!(java.len() > 130, "{}", java.len());
    let symbols: BTreeMap<i32, String> = java
        .into_iter()
        .map(|(number, (symbol, _))| (number, symbol))
        .collect();
    assert_eq!(symbols, c());
    for number in NUMBERS {
        let errno = Errno::from_raw(number);
        let symbol = (errno != Errno::UnknownErrno).then(|| format!("{errno:?}"));
        assert_eq!(symbols.get(&number).cloned(), symbol, "{number}");
    }
}

#[cfg(target_env = "gnu")]
#[test]
fn the_texts_are_those_of_strerror() {
    let java = java();
    for number in NUMBERS {
        let text = java.get(&number).map_or_else(
            || format!("Unknown error {number}"),
            |(_, text)| text.clone(),
        );
        let strerror = std::io::Error::from_raw_os_error(number).to_string();
        assert_eq!(format!("{text} (os error {number})"), strerror);
    }
}
