package posthaste.service.engine;

import posthaste.mail.outcome.AttemptReport;
import posthaste.mail.record.Job;

/** A job after its attempt. */
public record Attempted(Job job, AttemptReport report) {}
