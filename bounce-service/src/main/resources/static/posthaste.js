// Small comforts; every page works without them. htmx does the live parts (hx- attributes).
(() => {
    "use strict";

    // Whose login has ended is led to the login page instead of looking at a page that stands still.
    document.addEventListener("htmx:responseError", (event) => {
        if (event.detail.xhr.status === 401) {
            window.location.reload();
        }
    });

    // While the page is not looked at nothing is fetched for it.
    document.addEventListener("htmx:beforeRequest", (event) => {
        if (document.hidden && event.detail.elt.hasAttribute("data-live")) {
            event.preventDefault();
        }
    });

    // "/" leads to the search, as in many places.
    document.addEventListener("keydown", (event) => {
        const typing = event.target.closest("input, textarea, select, [contenteditable]");
        if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
            const field = document.querySelector("form[role=search] input");
            if (field) {
                event.preventDefault();
                field.focus();
                field.select();
            }
        }
    });

    // What cannot be taken back is asked about.
    document.addEventListener("submit", (event) => {
        const question = event.submitter && event.submitter.dataset.ask;
        if (question && !window.confirm(question)) {
            event.preventDefault();
        }
    });
})();
