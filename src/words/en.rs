//! English.

use super::Words;

pub(super) static WORDS: Words = Words {
    counter: "Counter",
    now_serving: "Now serving",
    ticket: "Ticket",
    ticket_again: "Called again",
    closed: "Closed",
    paused: "Paused",
    idle: "–",
    waiting_for_data: "Waiting for queue data",
    reconnecting: "Reconnecting · data from {time}",
    page_of: "{page} of {pages}",
    info: "INFO",
    procedure: "Service procedure",
    cost: "Cost",
    time: "Time",
    valid: "Valid",
    important: "Notice",
    emergency: "EMERGENCY",
    welcome: "Welcome",
    days: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
};
