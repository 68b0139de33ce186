package posthaste.bounce.rest;

import java.io.IOException;
import java.io.Reader;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import posthaste.bounce.operator.NotRecordedException;
import posthaste.bounce.operator.Operator;
import posthaste.bounce.operator.OperatorActions;
import posthaste.bounce.operator.RecordedAction;
import posthaste.bounce.suppression.SuppressionImport;
import posthaste.bounce.suppression.SuppressionOrders;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;
import posthaste.service.suppression.Suppression;
import posthaste.service.suppression.SuppressionClass;
import posthaste.service.suppression.SuppressionKey;

/** What operators order about the suppression list, by page or REST, with the record of it. */
public final class RecordedSuppressions {
    private final SuppressionOrders orders;
    private final OperatorActions actions;
    private final InstantSource clock;

    public RecordedSuppressions(
            SuppressionOrders orders, OperatorActions actions, InstantSource clock) {
        this.orders = orders;
        this.actions = actions;
        this.clock = clock;
    }

    Suppression add(
            SuppressionKey key,
            SuppressionClass of,
            String reason,
            Optional<Instant> expires,
            Operator operator)
            throws NotRecordedException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        try (RecordedAction action =
                actions.begin(
                        operator, "suppression.add", target(key), of.word() + ": " + reason)) {
            try {
                Suppression entry = orders.add(key, of, reason, expires, operator.name());
                action.done();
                return entry;
            } catch (QueueUnavailableException nothingDone) {
                action.failed();
                throw nothingDone;
            }
        }
    }

    /** Takes an entry out. */
    public void remove(SuppressionKey key, String why, Operator operator)
            throws NotRecordedException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        try (RecordedAction action =
                actions.begin(operator, "suppression.remove", target(key), why)) {
            try {
                orders.remove(key, why, operator.name());
                action.done();
            } catch (QueueUnavailableException nothingDone) {
                action.failed();
                throw nothingDone;
            }
        }
    }

    /**
     * Adds many.
     *
     * @param name of the action
     * @param target what the record says that it is about
     */
    public SuppressionImport.Report importAll(
            String name,
            String target,
            Reader source,
            SuppressionImport.Defaults defaults,
            Operator operator)
            throws NotRecordedException,
                    IOException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    InterruptedException {
        try (RecordedAction action =
                actions.begin(
                        operator,
                        name,
                        target,
                        defaults.suppressionClass().word() + ": " + defaults.reason())) {
            SuppressionImport reading = new SuppressionImport(orders, clock, defaults);
            try {
                SuppressionImport.Report report = reading.read(source);
                action.done(report.imported() + " imported, " + report.wrong() + " wrong");
                return report;
            } catch (QueueUnavailableException | IOException brokenOff) {
                if (reading.imported() == 0) {
                    action.failed();
                } else {
                    action.brokenOff(reading.imported() + " imported before");
                }
                throw brokenOff;
            }
        }
    }

    /** An entry, as the record of actions names it. */
    private static String target(SuppressionKey key) {
        return key.address() + " (" + key.streamWord() + ")";
    }
}
