package posthaste.service.flow;

import org.springframework.integration.handler.AbstractReplyProducingMessageHandler;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandlingException;

/**
 * One step of a flow: takes a payload and hands the next one on. Unlike Spring Integration's own
 * service activators it calls its action directly, without looking for a method, and lets it throw
 * what it declares; {@link FlowGateway} throws the same.
 */
public final class Step<I, O> extends AbstractReplyProducingMessageHandler {

    /** What a step does. */
    @FunctionalInterface
    public interface Action<I, O> {
        O apply(I input) throws Exception;
    }

    private final Class<I> input;
    private final Action<I, O> action;

    private Step(Class<I> input, Action<I, O> action) {
        this.input = input;
        this.action = action;
    }

    public static <I, O> Step<I, O> of(Class<I> input, Action<I, O> action) {
        return new Step<>(input, action);
    }

    @Override
    protected Object handleRequestMessage(Message<?> message) {
        try {
            return action.apply(input.cast(message.getPayload()));
        } catch (Exception e) {
            // The way of all exceptions through channels; the gateway takes it off again.
            throw new MessageHandlingException(message, e);
        }
    }
}
