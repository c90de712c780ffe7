//! Every number that Java knows as well, with its name: exported whole, so that Java needs no list of its own where it only
//! reads, and a test can compare the rest. An entry that one side alone has fails that test.

use crate::ledger::Ledger;
use crate::{answer, channel, descriptor, machine, mapping, memory, progress, shape};
use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JClass, JString};
use sluice::{
    Advice, Ending, Exchanged, Holes, Kind, Mechanism, PageSharing, Protection, Sharing, Side,
    Step, SystemCall,
};
use std::fmt::Write;

/// The lines of an enum that the core has a table of.
macro_rules! numbered {
    ($text:ident, $table:literal, $type:ident) => {
        for entry in $type::ALL {
            line(&mut $text, $table, entry.name(), i64::from(entry.number()));
        }
    };
}

/// Adds a line: a table's name, a number, and what the number is called, which may have blanks in it.
fn line(text: &mut String, table: &str, name: &str, number: i64) {
    // A string takes everything.
    let _ = writeln!(text, "{table} {number} {name}");
}

/// All tables, an entry a line.
fn text() -> String {
    let mut text = String::new();
    numbered!(text, "mechanism", Mechanism);
    numbered!(text, "ending", Ending);
    numbered!(text, "side", Side);
    numbered!(text, "kind", Kind);
    numbered!(text, "system-call", SystemCall);
    numbered!(text, "protection", Protection);
    numbered!(text, "advice", Advice);
    numbered!(text, "exchange", Exchanged);
    numbered!(text, "holes", Holes);
    numbered!(text, "sharing", Sharing);
    numbered!(text, "page-sharing", PageSharing);
    line(
        &mut text,
        "exchange",
        "UNGUARDED",
        i64::from(memory::UNGUARDED),
    );
    line(
        &mut text,
        "answer",
        "CALL_SHIFT",
        i64::from(answer::CALL_SHIFT),
    );
    for (name, number) in progress::SHIFTS {
        line(&mut text, "progress", name, i64::from(*number));
    }
    for (name, number) in shape::ALL {
        line(&mut text, "shape", name, i64::from(*number));
    }
    for (name, number) in mapping::life::FLAGS {
        line(&mut text, "map", name, i64::from(*number));
    }
    for (name, number) in descriptor::HOW_TO_OPEN {
        line(&mut text, "open", name, i64::from(*number));
    }
    for (name, number) in channel::flags() {
        line(&mut text, "flag", name, number);
    }
    for (name, number) in machine::ALL {
        line(&mut text, "machine", name, i64::from(*number));
    }
    for (name, bytes) in Step::LAYOUT {
        line(&mut text, "step", name, *bytes as i64);
    }
    for (name, bytes) in Ledger::LAYOUT {
        line(&mut text, "ledger", name, *bytes as i64);
    }
    text
}

/// Answers all tables, an entry a line: a table's name, a number, and its name.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_SharedTables_tables0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
) -> JString<'local> {
    env.with_env(|env| -> jni::errors::Result<JString<'local>> { env.new_string(text()) })
        .resolve::<ThrowRuntimeExAndDefault>()
}
