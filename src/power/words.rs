//! What is wrong with power, for staff. Invariant: both languages say the same.

use std::path::Path;

use crate::words::Language;

/// No way to put outputs off.
pub(super) fn no_power(language: Language) -> String {
    match language {
        Language::Indonesian => "pada jam mati layar hanya dibuat hitam: pengelola tampilan ini tidak dapat mematikan output; pakai sway (papan-display.service), atau matikan TV lewat kabel HDMI: cec = true".to_owned(),
        Language::English => "in its dark hours the screen is only black: this compositor cannot put outputs off; use sway (papan-display.service), or let the television be told by HDMI: cec = true".to_owned(),
    }
}

/// An output refuses.
pub(super) fn refused(language: Language, output: &str) -> String {
    match language {
        Language::Indonesian => {
            format!("output {output} tidak dapat dimatikan atau dinyalakan; layarnya dibuat hitam saja")
        }
        Language::English => format!("output {output} cannot be put off or on; its screen is only black"),
    }
}

/// No program that speaks CEC.
pub(super) fn no_program(language: Language) -> String {
    match language {
        Language::Indonesian => {
            "TV tidak dapat dimatikan lewat HDMI: cec-ctl tidak ada; pasang paket v4l-utils".to_owned()
        }
        Language::English => {
            "the television cannot be told by HDMI: there is no cec-ctl; install the package v4l-utils"
                .to_owned()
        }
    }
}

/// No device that speaks CEC.
pub(super) fn no_device(language: Language) -> String {
    match language {
        Language::Indonesian => "cec = true, tetapi tidak ada perangkat /dev/cec*; pasang adaptor HDMI-CEC, atau tulis cec = false".to_owned(),
        Language::English => "cec = true, yet there is no device /dev/cec*; connect an HDMI-CEC adapter, or write cec = false".to_owned(),
    }
}

/// A device does not do what it is told.
pub(super) fn no_answer(language: Language, device: &Path, why: &str) -> String {
    let device = device.display();
    match language {
        Language::Indonesian => {
            format!("TV di {device} tidak menjawab perintah HDMI-CEC ({why}); dicoba lagi tiap menit")
        }
        Language::English => {
            format!("the television at {device} does not answer HDMI-CEC ({why}); tried again each minute")
        }
    }
}
