//! The settings, which say how often a call is bent in which way:
//! `seed=7,short=300,eintr=100,eagain=100,delay=50,refuse=20,signal=50,in=self,log=FILE`.
//!
//! Rates are in thousandths of the calls that could be bent in that way, and 0 if they are not named. `signal` is the
//! share of the calls in progress that get a signal in each millisecond. `refuse` is the share of pairs of inodes for
//! which a call is refused. `in` is the file name of the object whose calls are bent; `in=self` is the program. By
//! default it is the library, by the name that it has in the jar or the name that cargo gives it.

use std::path::PathBuf;

/// The name of the program itself among the objects of a process: the dynamic linker gives it none.
const SELF: &str = "";

/// The library's names, in the jar and as cargo builds it.
const LIBRARY: [&str; 2] = ["libsluice.so", "libsluice_jni.so"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub seed: u64,
    pub short: u32,
    pub eintr: u32,
    pub eagain: u32,
    pub delay: u32,
    pub refuse: u32,
    pub signal: u32,
    pub objects: Vec<String>,
    pub log: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            seed: 0,
            short: 0,
            eintr: 0,
            eagain: 0,
            delay: 0,
            refuse: 0,
            signal: 0,
            objects: LIBRARY.map(str::to_owned).to_vec(),
            log: None,
        }
    }
}

impl Settings {
    pub fn is_of_the_program(&self) -> bool {
        self.objects == [SELF]
    }

    /// Whether the calls of the object with this path are bent.
    pub fn is_of(&self, path: &str) -> bool {
        let name = path.rsplit('/').next();
        self.objects
            .iter()
            .any(|object| Some(object.as_str()) == name)
    }
}

/// Reads the value of the variable.
///
/// # Errors
/// Says which part is not understood.
pub fn parse(text: &str) -> Result<Settings, String> {
    let mut settings = Settings::default();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let (name, value) = part
            .split_once('=')
            .ok_or_else(|| format!("{part} is no NAME=VALUE"))?;
        let rate = || match value.parse() {
            Ok(rate @ 0..=1000) => Ok(rate),
            _ => Err(format!("{part}: a rate is a number from 0 to 1000")),
        };
        match name {
            "seed" => settings.seed = value.parse().map_err(|_| part.to_owned())?,
            "short" => settings.short = rate()?,
            "eintr" => settings.eintr = rate()?,
            "eagain" => settings.eagain = rate()?,
            "delay" => settings.delay = rate()?,
            "refuse" => settings.refuse = rate()?,
            "signal" => settings.signal = rate()?,
            "in" if value == "self" => settings.objects = vec![SELF.to_owned()],
            "in" => settings.objects = vec![value.to_owned()],
            "log" => settings.log = Some(PathBuf::from(value)),
            _ => return Err(format!("{name} is not known")),
        }
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_set_and_the_rest_stays_off() {
        let settings = parse("seed=7,short=300,in=self,log=/tmp/x").expect("it is right");
        assert_eq!((settings.seed, settings.short, settings.eintr), (7, 300, 0));
        assert!(settings.is_of_the_program());
        assert_eq!(settings.log, Some(PathBuf::from("/tmp/x")));
        assert_eq!(parse(""), Ok(Settings::default()));
    }

    #[test]
    fn the_library_is_known_by_its_file_name() {
        let settings = Settings::default();
        assert!(settings.is_of("/tmp/x/libsluice.so") && settings.is_of("libsluice_jni.so"));
        assert!(!settings.is_of("") && !settings.is_of("/tmp/libsluice.so/libother.so"));
        assert!(parse("in=self").is_ok_and(|settings| settings.is_of("")));
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for wrong in ["short", "short=1001", "short=-1", "seed=x", "shorter=1"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
