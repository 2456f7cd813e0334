//! Outputs off and on, by wlr-output-power-management: what the compositor has, and what each is to be.
//! Invariant: an output that comes, or changes by itself, gets the state it should have.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use tracing::{info, warn};
use wayland_client::{
    Connection, Dispatch, QueueHandle, WEnum, delegate_noop,
    protocol::{
        wl_output::{self, WlOutput},
        wl_registry::{self, WlRegistry},
    },
};
use wayland_protocols_wlr::output_power_management::v1::client::{
    zwlr_output_power_manager_v1::ZwlrOutputPowerManagerV1,
    zwlr_output_power_v1::{self, Mode, ZwlrOutputPowerV1},
};

use super::Wanted;

/// How long after an output was told it is told again, where it is still otherwise.
const AGAIN: Duration = Duration::from_secs(10);
/// From this version on an output says its name.
const NAMED: u32 = 4;

/// What the compositor has.
#[derive(Default)]
pub(super) struct Outputs {
    manager: Option<ZwlrOutputPowerManagerV1>,
    all: BTreeMap<u32, Output>,
}

struct Output {
    proxy: WlOutput,
    name: Option<String>,
    power: Option<ZwlrOutputPowerV1>,
    /// Whether it has power, as the compositor says.
    on: Option<bool>,
    /// What it was told last, and when.
    told: Option<(bool, Instant)>,
    /// Whether the compositor refused.
    refused: bool,
}

impl Outputs {
    /// Whether the compositor can put outputs off.
    pub fn can(&self) -> bool {
        self.manager.is_some()
    }

    /// The outputs that refuse.
    pub fn refused(&self) -> impl Iterator<Item = &str> {
        self.all.values().filter(|output| output.refused).filter_map(|output| output.name.as_deref())
    }

    /// Tells each output what it is to be; gives when to look again, if at all.
    pub fn step(&mut self, wanted: &Wanted, handle: &QueueHandle<Self>, now: Instant) -> Option<Duration> {
        let manager = self.manager.as_ref()?;
        let mut wait = None;
        for output in self.all.values_mut() {
            let Some(name) = &output.name else { continue };
            let Some(on) = wanted.output(name) else { continue };
            if output.power.is_none() {
                if output.told.is_some_and(|(_, at)| now < at + AGAIN) {
                    wait = Some(AGAIN);
                    continue;
                }
                output.power = Some(manager.get_output_power(&output.proxy, handle, output.proxy.clone()));
                output.on = None;
            }
            let Some(power) = &output.power else { continue };
            // The compositor says at once how it is; what is so already is not set again, as that may flash.
            if output.on.is_none_or(|is| is == on) {
                continue;
            }
            // The same again only after a while: another may want it otherwise.
            let due = output.told.is_none_or(|(told, at)| told != on || now >= at + AGAIN);
            if due {
                // One that does not follow is told again for years, and said once.
                if output.told.is_none_or(|(told, _)| told != on) {
                    info!("output {name} is put {}", if on { "on" } else { "off" });
                }
                power.set_mode(if on { Mode::On } else { Mode::Off });
                output.told = Some((on, now));
            }
            wait = Some(AGAIN);
        }
        wait
    }

    /// Puts on every output that was put off; whether there is any that is not on yet.
    pub fn restore(&mut self, now: Instant) -> bool {
        let mut waits = false;
        for output in self.all.values_mut() {
            let Some(power) = output
                .power
                .as_ref()
                .filter(|_| output.on == Some(false) || matches!(output.told, Some((false, _))))
            else {
                continue;
            };
            waits |= output.on != Some(true);
            if output.told.is_none_or(|(told, _)| !told) {
                power.set_mode(Mode::On);
                output.told = Some((true, now));
                waits = true;
            }
        }
        waits
    }

    fn by(&mut self, proxy: &WlOutput) -> Option<&mut Output> {
        self.all.values_mut().find(|output| output.proxy == *proxy)
    }
}

impl Dispatch<WlRegistry, ()> for Outputs {
    fn event(
        state: &mut Self,
        registry: &WlRegistry,
        event: wl_registry::Event,
        (): &(),
        _: &Connection,
        handle: &QueueHandle<Self>,
    ) {
        match event {
            wl_registry::Event::Global { name, interface, version } => match interface.as_str() {
                "wl_output" if version >= NAMED => {
                    let proxy = registry.bind(name, NAMED, handle, ());
                    let output =
                        Output { proxy, name: None, power: None, on: None, told: None, refused: false };
                    state.all.insert(name, output);
                }
                "zwlr_output_power_manager_v1" => state.manager = Some(registry.bind(name, 1, handle, ())),
                _ => {}
            },
            wl_registry::Event::GlobalRemove { name } => {
                if let Some(output) = state.all.remove(&name) {
                    if let Some(power) = output.power {
                        power.destroy();
                    }
                    output.proxy.release();
                }
            }
            _ => {}
        }
    }
}

impl Dispatch<WlOutput, ()> for Outputs {
    fn event(
        state: &mut Self,
        proxy: &WlOutput,
        event: wl_output::Event,
        (): &(),
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        if let wl_output::Event::Name { name } = event
            && let Some(output) = state.by(proxy)
        {
            output.name = Some(name);
        }
    }
}

impl Dispatch<ZwlrOutputPowerV1, WlOutput> for Outputs {
    fn event(
        state: &mut Self,
        power: &ZwlrOutputPowerV1,
        event: zwlr_output_power_v1::Event,
        of: &WlOutput,
        _: &Connection,
        _: &QueueHandle<Self>,
    ) {
        let Some(output) = state.by(of).filter(|output| output.power.as_ref() == Some(power)) else { return };
        match event {
            zwlr_output_power_v1::Event::Mode { mode: WEnum::Value(mode) } => {
                (output.on, output.refused) = (Some(mode == Mode::On), false);
            }
            zwlr_output_power_v1::Event::Failed => {
                power.destroy();
                (output.power, output.on) = (None, None);
                // Another may hold it, or it is on its way out: a while later it is tried again.
                output.told = Some((output.told.is_none_or(|(told, _)| told), Instant::now()));
                if !std::mem::replace(&mut output.refused, true) {
                    warn!("output {} cannot be put off or on", output.name.as_deref().unwrap_or("?"));
                }
            }
            _ => {}
        }
    }
}

delegate_noop!(Outputs: ignore ZwlrOutputPowerManagerV1);
