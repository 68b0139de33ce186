package posthaste.service.verp;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import posthaste.mail.envelope.Stream;
import posthaste.service.settings.QueueProperties;
import posthaste.service.settings.StartRefusedException;

/** What all services know of return addresses. */
@AutoConfiguration
@EnableConfigurationProperties({VerpProperties.class, InboundProperties.class})
public class VerpAutoConfiguration {

    @Bean
    ReturnAddresses returnAddresses(VerpProperties properties, QueueProperties queue) {
        List<Stream> unknown = new ArrayList<>(properties.streams());
        unknown.removeAll(queue.streams());
        if (!unknown.isEmpty()) {
            throw new StartRefusedException(
                    "posthaste.verp.streams names "
                            + unknown.getFirst()
                            + ", but must name streams of posthaste.queue.streams.");
        }
        return new ReturnAddresses(
                properties.codec(),
                List.copyOf(
                        properties.streams().isEmpty() ? queue.streams() : properties.streams()),
                properties.maxAge());
    }
}
