//! The scripts of the store. All but one begin with the same functions.

use crate::redis::Script;

macro_rules! script {
    ($name:ident, $($file:literal),*) => {
        pub(super) static $name: Script = {
            const TEXT: &str = concat!($(include_str!($file)),*);
            Script::new(TEXT, || Script::digest(TEXT))
        };
    };
}

script!(INSERT, "common.lua", "insert.lua");
script!(ADVANCE, "common.lua", "advance.lua");
script!(REMOVE, "common.lua", "remove.lua");
script!(READ, "read.lua");
