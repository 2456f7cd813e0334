//! The editor, used as a person does: by its own words. Invariant: what is saved is what was asked for, and nothing
//! else.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may end at what it did not expect")]

#[path = "editor/bench.rs"]
mod bench;
#[path = "editor/forms.rs"]
mod forms;
#[path = "editor/looks.rs"]
mod looks;
#[path = "editor/tasks.rs"]
mod tasks;

use bench::Bench;

#[test]
fn at_rest_it_asks_for_no_frame() {
    let mut bench = Bench::shipped("lobi");
    bench.settle();
    bench.harness.step();
    let output = bench.harness.output();
    let delay = output.viewport_output.values().map(|root| root.repaint_delay).min();
    assert!(
        delay.unwrap() >= std::time::Duration::from_millis(700),
        "{delay:?}: {:?}",
        bench.harness.ctx.repaint_causes()
    );
}
