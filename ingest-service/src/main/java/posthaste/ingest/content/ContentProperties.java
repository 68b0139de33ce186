package posthaste.ingest.content;

import static posthaste.service.settings.Setting.between;
import static posthaste.service.settings.Setting.require;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import posthaste.service.settings.Setting;

/**
 * Scanners that messages are shown to while their clients wait.
 *
 * @param unscannedListeners names of listeners whose mail no scanner sees
 * @param unscannedLogins logins whose mail no scanner sees
 * @param spool folder for larger messages while they come in, below posthaste.data-dir unless
 *     absolute; nothing stays there
 * @param spoolThreshold up to which a message is read from memory and takes no room in the spool
 * @param rspamd spam filter, asked over its HTTP protocol
 * @param clamav virus scanner, asked by INSTREAM
 */
@ConfigurationProperties(prefix = "posthaste.content", ignoreUnknownFields = false)
public record ContentProperties(
        @DefaultValue Set<String> unscannedListeners,
        @DefaultValue Set<String> unscannedLogins,
        @DefaultValue("spool") Path spool,
        @DefaultValue("512KB") DataSize spoolThreshold,
        @DefaultValue Rspamd rspamd,
        @DefaultValue ClamAv clamav) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final int MANY = 10_000;

    public ContentProperties {
        unscannedListeners = Set.copyOf(unscannedListeners);
        unscannedLogins = Set.copyOf(unscannedLogins);
        // Beyond a megabyte bodies leave memory.
        between("spool-threshold", spoolThreshold, DataSize.ofBytes(0), DataSize.ofMegabytes(1));
    }

    /** What is said of every scanner, whatever its protocol. */
    sealed interface Asked {
        Duration deadline();

        WithoutVerdict whenAway();

        DataSize maxSize();

        WithoutVerdict whenTooLarge();

        int concurrency();

        int downAfter();

        Duration probeInterval();

        default ScannerSettings settings() {
            return new ScannerSettings(
                    deadline(),
                    whenAway(),
                    maxSize().toBytes(),
                    whenTooLarge(),
                    concurrency(),
                    downAfter(),
                    probeInterval());
        }
    }

    /**
     * rspamd.
     *
     * @param urls of its normal workers, as {@code http://127.0.0.1:11333}, in the order in which
     *     they are asked; empty: no rspamd
     * @param password that it wants, if any
     * @param onReject what its action reject leads to: {@code refuse} or {@code quarantine}
     * @param onAddHeader what its actions add header and rewrite subject lead to: {@code tag} or
     *     {@code quarantine}
     * @param deadline of its verdict; of posthaste.smtp.acceptance-deadline at most two thirds are
     *     given
     * @param whenAway what becomes of a mail that it does not judge in time: {@code open} (it
     *     passes, and a header field says so), {@code closed} (451) or {@code quarantine}
     * @param maxSize of messages that it gets
     * @param whenTooLarge what becomes of larger ones, as above
     * @param concurrency messages that it gets at once from each process
     * @param downAfter failures in a row after which an address is not asked any more
     * @param probeInterval after which one message looks whether it is back
     */
    public record Rspamd(
            @DefaultValue List<URI> urls,
            @DefaultValue("") String password,
            @DefaultValue("refuse") RspamdVerdicts.OnReject onReject,
            @DefaultValue("tag") RspamdVerdicts.OnAddHeader onAddHeader,
            @DefaultValue("10s") Duration deadline,
            @DefaultValue("open") WithoutVerdict whenAway,
            @DefaultValue("20MB") DataSize maxSize,
            @DefaultValue("open") WithoutVerdict whenTooLarge,
            @DefaultValue("50") int concurrency,
            @DefaultValue("5") int downAfter,
            @DefaultValue("10s") Duration probeInterval)
            implements Asked {
        public Rspamd {
            urls = List.copyOf(urls);
            for (URI url : urls) {
                require(
                        "rspamd.urls",
                        withoutUser(url),
                        isHttp(url),
                        "http://HOST:PORT or https://HOST:PORT, without a user or a query");
            }
            require(
                    "rspamd.password",
                    password,
                    password.chars().allMatch(c -> c > ' ' && c < 0x7f),
                    "visible ASCII");
            check("rspamd", deadline, maxSize, concurrency, downAfter, probeInterval);
        }

        @Override
        public String toString() {
            return "Rspamd" + urls.stream().map(Rspamd::withoutUser).toList();
        }

        private static boolean isHttp(URI url) {
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            return (scheme.equals("http") || scheme.equals("https"))
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null;
        }

        /** A password may stand there. */
        private static String withoutUser(URI url) {
            try {
                return url.getHost() == null
                        ? url.getScheme() + ":..."
                        : new URI(
                                        url.getScheme(),
                                        null,
                                        url.getHost(),
                                        url.getPort(),
                                        url.getPath(),
                                        null,
                                        null)
                                .toString();
            } catch (URISyntaxException e) {
                return url.getScheme() + ":...";
            }
        }
    }

    /**
     * ClamAV.
     *
     * @param addresses of clamd, as {@code HOST:PORT} or {@code unix:/path/of/the/socket}, in the
     *     order in which they are asked; empty: no ClamAV
     * @param onVirus what a virus leads to: {@code refuse} or {@code quarantine}
     * @param deadline of its verdict; of posthaste.smtp.acceptance-deadline at most two thirds are
     *     given
     * @param whenAway what becomes of a mail that it does not judge in time: {@code open} (it
     *     passes, and a header field says so), {@code closed} (451) or {@code quarantine}
     * @param maxSize of messages that it gets; not above clamd's own StreamMaxLength
     * @param whenTooLarge what becomes of larger ones, as above
     * @param concurrency messages that it gets at once from each process; not above clamd's own
     *     MaxThreads and MaxQueue
     * @param downAfter failures in a row after which an address is not asked any more
     * @param probeInterval after which one message looks whether it is back
     */
    public record ClamAv(
            @DefaultValue List<String> addresses,
            @DefaultValue("refuse") ClamAvScanner.OnVirus onVirus,
            @DefaultValue("15s") Duration deadline,
            @DefaultValue("open") WithoutVerdict whenAway,
            @DefaultValue("20MB") DataSize maxSize,
            @DefaultValue("open") WithoutVerdict whenTooLarge,
            @DefaultValue("10") int concurrency,
            @DefaultValue("5") int downAfter,
            @DefaultValue("10s") Duration probeInterval)
            implements Asked {
        public ClamAv {
            addresses = List.copyOf(addresses);
            for (String address : addresses) {
                ClamAvAddress _ =
                        Setting.read(
                                "clamav.addresses",
                                address,
                                ClamAvAddress::parse,
                                "HOST:PORT or unix:/path/of/the/socket");
            }
            check("clamav", deadline, maxSize, concurrency, downAfter, probeInterval);
        }
    }

    private static void check(
            String of,
            Duration deadline,
            DataSize maxSize,
            int concurrency,
            int downAfter,
            Duration probeInterval) {
        between(of + ".deadline", deadline, SHORTEST, Duration.ofMinutes(6));
        between(of + ".max-size", maxSize, DataSize.ofKilobytes(1), DataSize.ofGigabytes(2));
        between(of + ".concurrency", concurrency, 1, MANY);
        between(of + ".down-after", downAfter, 1, MANY);
        between(of + ".probe-interval", probeInterval, SHORTEST, Duration.ofHours(1));
    }
}
