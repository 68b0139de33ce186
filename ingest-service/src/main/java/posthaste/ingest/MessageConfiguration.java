package posthaste.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.ingest.accept.SignMessage;
import posthaste.ingest.accept.Signers;
import posthaste.ingest.accept.Tidying;
import posthaste.ingest.accept.TidyingProperties;
import posthaste.ingest.dkim.DkimProperties;
import posthaste.ingest.dkim.DkimSigner;
import posthaste.ingest.dkim.KeyFiles;
import posthaste.ingest.dkim.KeyRing;
import posthaste.ingest.listener.SmtpProperties;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.service.reload.FileWatch;

/** What is done to messages: tidied, signed. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({TidyingProperties.class, DkimProperties.class})
public class MessageConfiguration {

    @Bean
    Tidying tidying(TidyingProperties properties, SmtpProperties smtp) {
        Map<String, String> hostNames =
                smtp.settings().stream()
                        .collect(
                                Collectors.toMap(
                                        ListenerSettings::name, ListenerSettings::hostName));
        return new Tidying(properties.rules(), smtp.hostName(), hostNames);
    }

    @Bean
    Signers signers(DkimProperties properties, FileWatch files, MeterRegistry registry) {
        Supplier<KeyRing> keys =
                properties.keys().isEmpty()
                        ? KeyRing::empty
                        : files.watch("dkim-keys", Path.of(properties.keys()), new KeyFiles())
                                ::current;
        return new Signers(
                new DkimSigner(keys, properties.settings(), registry), properties.vouchedFor());
    }

    @Bean
    SignMessage signMessage() {
        return new SignMessage();
    }
}
