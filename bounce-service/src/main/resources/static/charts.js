// Draws each chart from its own table, so that both always say the same.
(() => {
    "use strict";
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const KNOWN = {delivered: "--good", accepted: "--calm", deferred: "--wait", refused: "--bad", hard: "--bad", soft: "--wait", TLS: "--good"};
    const OTHERS = ["--calm", "--c2", "--c3", "--wait", "--c4", "--bad", "--c5", "--good"];
    const pad = (n) => String(n).padStart(2, "0");
    const day = (d) => `${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`;
    const hour = (d) => `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}`;

    function read(table) {
        const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
        const rows = [...table.tBodies[0].rows];
        const times = rows.map((row) => Date.parse(row.querySelector("time").dateTime));
        const series = names.map((name, i) => ({name, values: rows.map((row) => {
            const value = row.cells[i + 1].dataset.value;
            return value ? Number(value) : null;
        })}));
        return {times, series};
    }

    /** Times that people count in, at most seven. */
    function roundTimes(from, to) {
        const minute = 60000;
        const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400, 43200].map((n) => n * minute);
        const step = steps.find((one) => (to - from) / one <= 7) || steps[steps.length - 1];
        const ticks = [];
        for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
            ticks.push({value: at});
        }
        return ticks;
    }

    function draw(canvas) {
        const {times, series} = read(document.getElementById(canvas.dataset.table));
        const long = times.length > 1 && times[times.length - 1] - times[0] > 48 * 3600 * 1000;
        const label = (time) => {
            const d = new Date(time);
            return long ? `${day(d)} ${hour(d)}` : hour(d);
        };
        const chart = new Chart(canvas, {
            type: "line",
            data: {datasets: series.map((one, i) => {
                const ink = colour(KNOWN[one.name] || OTHERS[i % OTHERS.length]);
                return {label: one.name, data: times.map((x, at) => ({x, y: one.values[at]})), borderColor: ink, backgroundColor: ink,
                    borderWidth: 2, pointHitRadius: 8, clip: 6, cubicInterpolationMode: "monotone",
                    // One that stands alone has no line to show it.
                    pointRadius: ({dataIndex: at}) => times.length <= 40 || (one.values[at - 1] ?? one.values[at + 1] ?? null) === null ? 3 : 0};
            })},
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: {mode: "index", intersect: false},
                scales: {
                    x: {type: "linear", min: times[0], max: times[times.length - 1], grid: {color: colour("--line")},
                        afterBuildTicks: (axis) => { axis.ticks = roundTimes(axis.min, axis.max); },
                        ticks: {color: colour("--soft"), maxRotation: 0, autoSkip: true, callback: label}},
                    y: {beginAtZero: true, grace: "5%", max: canvas.dataset.unit === "%" ? 100 : undefined, grid: {color: colour("--line")},
                        ticks: {color: colour("--soft"), maxTicksLimit: 6}, title: {display: true, text: canvas.dataset.unit, color: colour("--soft")}},
                },
                plugins: {
                    legend: {labels: {color: colour("--ink"), boxWidth: 14, boxHeight: 2}},
                    tooltip: {callbacks: {title: (items) => `${new Date(items[0].parsed.x).toISOString().slice(0, 16).replace("T", " ")} UTC`}},
                },
            },
        });
        // Drawn along, a stretch of time fills all charts.
        let from = null;
        const timeAt = (event) => chart.scales.x.getValueForPixel(event.offsetX);
        canvas.addEventListener("pointerdown", (event) => { from = event.isPrimary && event.pointerType === "mouse" ? event : null; });
        canvas.addEventListener("pointerup", (event) => {
            if (from && Math.abs(event.offsetX - from.offsetX) > 12) {
                const [a, b] = [timeAt(from), timeAt(event)].sort((x, y) => x - y);
                const to = new URL(window.location.href);
                to.searchParams.set("from", new Date(a).toISOString().slice(0, 19) + "Z");
                to.searchParams.set("to", new Date(Math.max(b, a + 60000)).toISOString().slice(0, 19) + "Z");
                window.location.assign(to);
            }
            from = null;
        });
    }

    document.querySelectorAll("canvas[data-table]").forEach(draw);
})();
