#!/usr/bin/env python3
"""Writes dashboards/*.json, which Grafana reads, from the lines below; a test compares.

A panel is a title, a unit and queries; Grafana's JSON of it is 40 lines. Each query is executed against a real Prometheus
in the tests, and has to show something.
"""
import json
import pathlib

# title, [ (heading, [ (panel, unit, [ (query, legend) ]) ]) ]
BOARDS = {
    "fleet": ("Fleet", [
        ("Traffic", [
            ("Mails taken and refused", "ops", [
                ("sum by (outcome) (rate(posthaste_ingest_mails_total[5m]))", "{{outcome}}")]),
            ("Recipients by outcome of an attempt", "ops", [
                ("sum by (fleet, outcome) (rate(posthaste_attempts_total[5m]))", "{{fleet}} {{outcome}}")]),
            ("Time to accept", "s", [
                ("histogram_quantile(0.5, sum by (le) (rate(posthaste_ingest_time_to_accept_seconds_bucket[5m])))", "half"),
                ("histogram_quantile(0.99, sum by (le) (rate(posthaste_ingest_time_to_accept_seconds_bucket[5m])))", "99 %")]),
            ("Octets accepted", "Bps", [("sum(rate(posthaste_ingest_accepted_bytes_total[5m]))", "octets")]),
        ]),
        ("Clients", [
            ("Sessions open", "short", [("sum by (instance) (posthaste_ingest_sessions_open)", "{{instance}}")]),
            ("Sessions ended, by how", "ops", [
                ("sum by (end) (rate(posthaste_ingest_sessions_total[5m]))", "{{end}}")]),
            ("Replies that refuse", "ops", [
                ("sum by (codes) (rate(posthaste_ingest_refusals_total[5m]))", "{{codes}}")]),
            ("Pressure on memory, and stress", "short", [
                ("max by (instance) (posthaste_ingest_pressure)", "pressure {{instance}}"),
                ("max by (instance) (posthaste_ingest_stress)", "stress {{instance}}")]),
        ]),
        ("Processes", [
            ("CPU of each process", "percentunit", [("process_cpu_usage", "{{instance}}")]),
            ("Load of the machine, for each of its cores", "short", [
                ("system_load_average_1m / system_cpu_count", "{{instance}}")]),
            ("Heap in use", "bytes", [("sum by (instance) (jvm_memory_used_bytes{area=\"heap\"})", "{{instance}}")]),
            ("Time in garbage collection", "percentunit", [
                ("sum by (instance) (rate(jvm_gc_pause_seconds_sum[5m]))", "{{instance}}")]),
            ("Files open", "short", [("process_files_open_files", "{{instance}}")]),
            ("Lines logged as errors and warnings", "ops", [
                ("sum by (instance, level) (rate(logback_events_total{level=~\"error|warn\"}[5m]))", "{{instance}} {{level}}")]),
        ]),
    ]),
    "queues": ("Queues", [
        ("Nothing is lost", [
            ("Unaccounted, unaccepted, dead letters", "short", [
                ("max(posthaste_audit_unaccounted)", "unaccounted"),
                ("max(posthaste_audit_unaccepted)", "unaccepted"),
                ("max(posthaste_audit_dead_lettered)", "dead letters")]),
            ("Recipients in a queue, and on their way into the log", "short", [
                ("max(posthaste_audit_queued)", "queued"), ("max(posthaste_audit_settling)", "settling")]),
            ("Late, by what is awaited", "short", [("max by (awaits) (posthaste_audit_late)", "{{awaits}}")]),
            ("Age of these figures", "s", [("max(posthaste_audit_age_seconds)", "age")]),
        ]),
        ("Depth", [
            ("Due, by topic", "short", [("max by (topic) (posthaste_queue_due)", "{{topic}}")]),
            ("All that stands there, by topic", "short", [("max by (topic) (posthaste_queue_records)", "{{topic}}")]),
            ("Due and in nobody's hands: what the fleets are scaled by", "short", [
                ("sum(max by (topic) (posthaste_queue_due{group=\"posthaste-delivery\"}))"
                 " - sum(posthaste_consumer_in_flight{loop=~\"delivery-.*\",loop!=\"delivery-log\"})", "delivery"),
                ("sum(max by (topic) (posthaste_queue_due{group=\"posthaste-fallback\"}))"
                 " - sum(posthaste_consumer_in_flight{loop=~\"fallback-.*\"})", "fallback")]),
        ]),
        ("Loops", [
            ("Settled", "ops", [("sum by (loop) (rate(posthaste_consumer_settled_total[5m]))", "{{loop}}")]),
            ("In flight", "short", [("sum by (loop) (posthaste_consumer_in_flight)", "{{loop}}")]),
            ("Partitions, and those that are paused", "short", [
                ("sum by (loop) (posthaste_consumer_partitions)", "{{loop}}"),
                ("sum by (loop) (posthaste_consumer_partitions_paused)", "{{loop}} paused")]),
            ("Wait for a part of ours", "ops", [
                ("sum by (loop) (rate(posthaste_consumer_part_unavailable_total[5m]))", "{{loop}}")]),
            ("Since a loop last turned", "s", [
                ("max by (loop) (posthaste_consumer_last_turn_seconds)", "{{loop}}")]),
            ("Suspects of a crash, and characters of a commit", "short", [
                ("sum by (loop) (posthaste_consumer_suspects)", "suspects {{loop}}"),
                ("max by (loop) (posthaste_consumer_metadata_length)", "characters {{loop}}")]),
        ]),
    ]),
    "deliverability": ("Deliverability", [
        ("Outcomes", [
            ("First attempt, by outcome", "ops", [
                ("sum by (outcome) (rate(posthaste_attempts_total{fleet=\"delivery\"}[5m]))", "{{outcome}}")]),
            ("Later attempts, by outcome", "ops", [
                ("sum by (outcome) (rate(posthaste_attempts_total{fleet=\"fallback\"}[5m]))", "{{outcome}}")]),
            ("Accepted in each hour of the last day, by what has become of it", "short", [
                ("sum by (state) (max by (hour, state) (posthaste_audit_hour{state!=\"accepted\"}))", "{{state}}")]),
            ("Recipients known to the log, by what became of them", "short", [
                ("max(posthaste_audit_delivered)", "delivered"), ("max(posthaste_audit_bounced)", "bounced"),
                ("max(posthaste_audit_expired)", "expired"), ("max(posthaste_audit_removed)", "removed")]),
        ]),
        ("Next hops", [
            ("Time of an attempt", "s", [
                ("histogram_quantile(0.5, sum by (fleet, le) (rate(posthaste_attempt_duration_seconds_bucket[5m])))", "{{fleet}} half"),
                ("histogram_quantile(0.95, sum by (fleet, le) (rate(posthaste_attempt_duration_seconds_bucket[5m])))", "{{fleet}} 95 %")]),
            ("Connections opened and reused", "ops", [
                ("sum(rate(posthaste_engine_connections_opened_total[5m]))", "opened"),
                ("sum(rate(posthaste_engine_connections_reused_total[5m]))", "reused")]),
            ("Jobs in the engine, and those that wait for a connection", "short", [
                ("sum(posthaste_engine_in_flight)", "in flight"), ("sum(posthaste_engine_waiting)", "waiting")]),
            ("Held back without an attempt: limits, and destinations that are down", "ops", [
                ("sum(rate(posthaste_engine_held_back_total[5m]))", "held back")]),
        ]),
        ("Suppression and quarantine", [
            ("Addresses that get no mail", "short", [("max(posthaste_suppression_entries)", "entries")]),
            ("Mails in quarantine", "short", [("max(posthaste_quarantine_jobs)", "undecided")]),
        ]),
    ]),
    "storage": ("Broker and storage", [
        ("Bodies", [
            ("Bodies made durable", "ops", [("sum(rate(posthaste_body_stored_total[5m]))", "bodies")]),
            ("Bodies for each force to disk or request", "short", [
                ("sum(rate(posthaste_body_stored_total[5m])) / sum(rate(posthaste_body_forces_total[5m]) > 0)", "bodies")]),
            ("Reads from memory", "percentunit", [
                ("sum(rate(posthaste_body_cache_hits_total[5m])) / sum(rate(posthaste_body_cache_hits_total[5m])"
                 " + rate(posthaste_body_cache_misses_total[5m]) > 0)", "hits")]),
            ("Waiting, refused, failed", "short", [
                ("sum(posthaste_body_waiting)", "waiting"),
                ("sum(rate(posthaste_body_refused_total[5m]))", "refused a second"),
                ("sum(rate(posthaste_body_failures_total[5m]))", "failures a second")]),
        ]),
        ("Room", [
            ("Free on the fullest disk", "bytes", [("min by (instance) (posthaste_storage_free_bytes)", "{{instance}}")]),
            ("Stored", "bytes", [("max(posthaste_janitor_stored_bytes)", "stored")]),
            ("Of it, garbage that waits for its grace", "percentunit", [("max(posthaste_janitor_garbage_share)", "share")]),
            ("Removed by the janitor", "Bps", [("sum(rate(posthaste_janitor_bytes_total[5m]))", "octets")]),
            ("What stops the janitor", "short", [("max(posthaste_janitor_obstacles)", "obstacles")]),
            ("Memory budget of bodies", "percentunit", [
                ("posthaste_memory_used_bytes / posthaste_memory_size_bytes", "{{instance}}")]),
        ]),
        ("Broker and delivery log", [
            ("Commits", "ops", [("sum by (loop) (rate(posthaste_consumer_commits_total[5m]))", "{{loop}}")]),
            ("Settlements sent again", "ops", [("sum by (loop) (rate(posthaste_consumer_resent_total[5m]))", "{{loop}}")]),
            ("Facts that wait to be written", "short", [("sum by (topic) (posthaste_facts_waiting)", "{{topic}}")]),
            ("Lag of the delivery log", "s", [("max by (topic) (posthaste_log_lag_seconds)", "{{topic}}")]),
            ("Rows written", "ops", [("sum(rate(posthaste_log_rows_total[5m]))", "rows")]),
            ("Time of a batch", "s", [
                ("sum(rate(posthaste_log_batches_seconds_sum[5m])) / sum(rate(posthaste_log_batches_seconds_count[5m]) > 0)", "mean")]),
        ]),
    ]),
}


def panel(number, title, unit, queries, x, y):
    return {
        "id": number,
        "type": "timeseries",
        "title": title,
        "datasource": {"type": "prometheus", "uid": "prometheus"},
        "gridPos": {"x": x, "y": y, "w": 12, "h": 8},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0, "custom": {"fillOpacity": 8, "showPoints": "never"}},
                        "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": [{"refId": chr(ord("A") + i), "expr": expr, "legendFormat": legend}
                    for i, (expr, legend) in enumerate(queries)],
    }


def board(name, title, rows):
    panels, number, y = [], 0, 0
    for heading, charts in rows:
        number += 1
        panels.append({"id": number, "type": "row", "title": heading, "collapsed": False, "panels": [],
                       "gridPos": {"x": 0, "y": y, "w": 24, "h": 1}})
        y += 1
        for i, (chart, unit, queries) in enumerate(charts):
            number += 1
            panels.append(panel(number, chart, unit, queries, 12 * (i % 2), y))
            y += 8 if i % 2 or i == len(charts) - 1 else 0
    return {"uid": "posthaste-" + name, "title": "Posthaste: " + title, "tags": ["posthaste"], "schemaVersion": 39,
            "version": 1, "editable": False, "refresh": "30s", "timezone": "browser",
            "time": {"from": "now-3h", "to": "now"}, "panels": panels}


def main():
    folder = pathlib.Path(__file__).parent / "dashboards"
    for name, (title, rows) in BOARDS.items():
        (folder / f"{name}.json").write_text(json.dumps(board(name, title, rows), indent=1) + "\n")


if __name__ == "__main__":
    main()
