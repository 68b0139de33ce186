package posthaste.bounce.inbound.rules;

/**
 * What a refusal means.
 *
 * @param hard whether the address itself is at fault, so that nothing more should be sent to it
 * @param byText whether words decided, and not a code alone
 * @param rule where the rule that decided stands, {@code file:line}, or the fallback's name
 */
public record Classification(BounceClass bounceClass, boolean hard, boolean byText, String rule) {}
