package posthaste.bounce.rest;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import posthaste.body.StoreUnavailableException;
import posthaste.bounce.audit.NotUnaccountedException;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.operator.NotRecordedException;
import posthaste.bounce.operator.Operator;
import posthaste.bounce.operator.OperatorActions;
import posthaste.bounce.operator.RecordedAction;
import posthaste.bounce.salvage.CarriedOut;
import posthaste.bounce.salvage.MessageGoneException;
import posthaste.bounce.salvage.Order;
import posthaste.bounce.salvage.Salvage;
import posthaste.mail.envelope.MailId;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;

/** {@code /api/v1}: what operators order. */
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public class OrdersApi {
    private final Salvage salvage;
    private final OperatorActions actions;

    OrdersApi(Salvage salvage, OperatorActions actions) {
        this.salvage = salvage;
        this.actions = actions;
    }

    /**
     * What is to be done about a mail that is unaccounted.
     *
     * @param action {@code requeue}, {@code bounce} or {@code remove}
     */
    record Wanted(@Nullable String action) {}

    /** What was done. */
    record Done(String id, String action, String operator, List<String> recipients) {}

    /** Only JSON: no form of another site can send that. */
    @Described("Puts unaccounted mail back, bounces it, or records it as removed")
    @PostMapping(path = "/audit/unaccounted/{id}", consumes = "application/json")
    Done order(@PathVariable String id, @RequestBody Wanted wanted, Operator operator)
            throws WrongParameterException,
                    NotRecordedException,
                    UnknownMailException,
                    NotUnaccountedException,
                    MessageGoneException,
                    LogUnavailableException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    StoreUnavailableException,
                    InterruptedException {
        Order order = read(wanted.action());
        if (!MailId.isValid(id)) {
            throw new UnknownMailException();
        }
        CarriedOut done =
                carryOut(salvage, actions, order, new MailId(id), operator)
                        .orElseThrow(UnknownMailException::new);
        return new Done(done.id(), name(done.order()), done.operator(), done.recipients());
    }

    /** Carries out, with a record; empty when the log has no such mail. */
    public static Optional<CarriedOut> carryOut(
            Salvage salvage, OperatorActions actions, Order order, MailId id, Operator operator)
            throws NotRecordedException,
                    NotUnaccountedException,
                    MessageGoneException,
                    LogUnavailableException,
                    QueueUnavailableException,
                    OutcomeUnknownException,
                    StoreUnavailableException,
                    InterruptedException {
        try (RecordedAction action =
                actions.begin(operator, "audit." + name(order), id.value(), "")) {
            try {
                Optional<CarriedOut> done = salvage.carryOut(order, id, operator.name());
                done.ifPresentOrElse(
                        it -> action.done(it.recipients().size() + " recipients"), action::failed);
                return done;
            } catch (NotUnaccountedException
                    | MessageGoneException
                    | LogUnavailableException
                    | QueueUnavailableException
                    | StoreUnavailableException nothingDone) {
                action.failed();
                throw nothingDone;
            }
        }
    }

    /**
     * Reads an order's name.
     *
     * @throws WrongParameterException when it is none
     */
    public static Order read(@Nullable String action) throws WrongParameterException {
        for (Order order : Order.values()) {
            if (name(order).equals(action)) {
                return order;
            }
        }
        throw new WrongParameterException(
                "action",
                Arrays.stream(Order.values())
                        .map(OrdersApi::name)
                        .collect(Collectors.joining(", ", "one of ", "")));
    }

    /** As it is written in requests. */
    public static String name(Order order) {
        return order.name().toLowerCase(Locale.ROOT);
    }
}
