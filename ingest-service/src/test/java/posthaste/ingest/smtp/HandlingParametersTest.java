package posthaste.ingest.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.ingest.smtp.ListenerSettings.Profile;
import posthaste.mail.envelope.DeliverBy;
import posthaste.mail.envelope.DeliverBy.Mode;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;

class HandlingParametersTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final HandlingOffer OFFER =
            new HandlingOffer(Duration.ofDays(1), Duration.ofSeconds(30), true);

    @Test
    void eachListenerOffersWhatItCanKeep() {
        assertThat(OFFER.to(Profile.SUBMISSION, true, NOW).keywords())
                .containsExactly(
                        "FUTURERELEASE 86400 2026-11-23T10:00:00Z", "DELIVERBY 30", "REQUIRETLS");
        assertThat(OFFER.to(Profile.RELAY, false, NOW).keywords()).containsExactly("DELIVERBY 30");
        assertThat(OFFER.to(Profile.FALLBACK, true, NOW).keywords()).containsExactly("REQUIRETLS");
        assertThat(
                        new HandlingOffer(Duration.ZERO, Duration.ZERO, false)
                                .to(Profile.SUBMISSION, true, NOW)
                                .keywords())
                .containsExactly("DELIVERBY 0");
    }

    @ParameterizedTest
    @CsvSource({
        "HOLDFOR=1, 2026-11-22T10:00:01Z",
        "holdfor=86400, 2026-11-23T10:00:00Z",
        "HOLDUNTIL=2026-11-22T12:30:00Z, 2026-11-22T12:30:00Z",
        "HOLDUNTIL=2026-11-22t12:30:00.5z, 2026-11-22T12:30:00.500Z",
        "HOLDUNTIL=2026-11-23T10:00:00Z, 2026-11-23T10:00:00Z"
    })
    void mailIsHeldUntilTheTimeThatWasAskedFor(String parameter, Instant until) throws Exception {
        assertThat(taken(parameter).firstStop()).isEqualTo(new FirstStop.Hold(until));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HOLDFOR=0",
                "HOLDFOR=-5",
                "HOLDFOR=01",
                "HOLDFOR=86401",
                "HOLDFOR=9999999999",
                "HOLDFOR=soon",
                "HOLDFOR",
                "HOLDUNTIL=2026-11-22T10:00:00Z",
                "HOLDUNTIL=2026-11-23T10:00:01Z",
                "HOLDUNTIL=2026-11-22T12:30:00",
                "HOLDUNTIL=2026-11-22T12:30:00+01:00",
                "HOLDUNTIL=2026-13-22T12:30:00Z",
                "HOLDUNTIL=2026-11-22",
                "HOLDUNTIL=1795348800",
                "HOLDFOR=10 HOLDUNTIL=2026-11-22T12:30:00Z",
                "HOLDFOR=10 HOLDFOR=10",
                "HOLDFOR=100 BY=100;R",
                "HOLDFOR=100 BY=-1;N",
                "BY=0;R",
                "BY=-1;R",
                "BY=1000000000;N",
                "BY=60",
                "BY=60;X",
                "BY=60;TR",
                "BY=;R",
                "BY=+-1;N",
                "BY",
                "REQUIRETLS=yes"
            })
    void whatIsWrongIsRefusedAsAnArgument(String parameters) {
        assertThatExceptionOfType(BadCommandException.class)
                .isThrownBy(() -> taken(parameters))
                .satisfies(e -> assertThat(e.reply()).startsWith("501 5.5.4 "));
    }

    @ParameterizedTest
    @CsvSource({
        "BY=30;R, 30, RETURN, false",
        "BY=+999999999;rt, 999999999, RETURN, true",
        "BY=120;N, 120, NOTIFY, false",
        "BY=0;N, 0, NOTIFY, false",
        "BY=-999999999;NT, -999999999, NOTIFY, true"
    })
    void theTimeIsReckonedByOurClock(String parameter, long seconds, Mode mode, boolean trace)
            throws Exception {
        assertThat(taken(parameter).deliverBy())
                .contains(new DeliverBy(NOW.plusSeconds(seconds), mode, trace));
    }

    @Test
    void aTimeThatIsTooShortHereIsValidButNotAccepted() {
        assertThatExceptionOfType(BadCommandException.class)
                .isThrownBy(() -> taken("BY=29;R"))
                .satisfies(e -> assertThat(e.reply()).startsWith("555 5.5.4 "));
    }

    @Test
    void whatIsNotOfferedIsUnknown() {
        for (String parameter : new String[] {"HOLDFOR=10", "REQUIRETLS", "MT-PRIORITY=3"}) {
            assertThatExceptionOfType(BadCommandException.class)
                    .isThrownBy(() -> taken(parameter, OFFER.to(Profile.RELAY, false, NOW)))
                    .satisfies(e -> assertThat(e.reply()).startsWith("555 5.5.4 "));
        }
    }

    @Test
    void allOfItCanBeAskedForAtOnce() throws Exception {
        assertThat(taken("HOLDFOR=100 BY=101;R REQUIRETLS"))
                .isEqualTo(
                        new Handling(
                                new FirstStop.Hold(NOW.plusSeconds(100)),
                                true,
                                Optional.of(
                                        new DeliverBy(NOW.plusSeconds(101), Mode.RETURN, false))));
        assertThat(taken("")).isEqualTo(Handling.ORDINARY);
    }

    @Test
    void noTextEscapesAsAnythingButARefusal() {
        Random random = new Random(2852);
        String letters = "HOLDFORUNTILBY=0123456789;+-:TZRN. ";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text =
                    new StringBuilder(random.nextBoolean() ? "BY=" : "HOLDUNTIL=2026-");
            for (int length = random.nextInt(24); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                assertThat(taken(text.toString())).isNotNull();
            } catch (BadCommandException e) {
                assertThat(e.reply()).startsWith("5");
            }
        }
    }

    private static Handling taken(String text) throws BadCommandException {
        return taken(text, OFFER.to(Profile.SUBMISSION, true, NOW));
    }

    private static Handling taken(String text, HandlingOffer.ToClient offered)
            throws BadCommandException {
        Parameters parameters = Parameters.parse(text);
        Handling handling = HandlingParameters.take(parameters, offered);
        parameters.refuseTheRest();
        return handling;
    }
}
