package posthaste.ingest.content;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.service.settings.ServiceProperties;

/** The scanners as configured. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ContentProperties.class)
public class ContentConfiguration {

    @Bean
    InspectContent inspectContent(
            ContentProperties properties, ServiceProperties service, MeterRegistry registry) {
        ContentMetrics metrics = new ContentMetrics(registry);
        List<Inspector> inspectors = new ArrayList<>();
        ContentProperties.Rspamd rspamd = properties.rspamd();
        if (!rspamd.urls().isEmpty()) {
            RspamdVerdicts verdicts = new RspamdVerdicts(rspamd.onReject(), rspamd.onAddHeader());
            inspectors.add(
                    new Inspector(
                            "rspamd",
                            rspamd.settings(),
                            rspamd.urls().stream()
                                    .map(url -> new RspamdScanner(url, rspamd.password(), verdicts))
                                    .toList(),
                            metrics));
        }
        ContentProperties.ClamAv clamav = properties.clamav();
        if (!clamav.addresses().isEmpty()) {
            inspectors.add(
                    new Inspector(
                            "clamav",
                            clamav.settings(),
                            clamav.addresses().stream()
                                    .map(ClamAvAddress::parse)
                                    .map(address -> new ClamAvScanner(address, clamav.onVirus()))
                                    .toList(),
                            metrics));
        }
        return new InspectContent(
                inspectors,
                properties.unscannedListeners(),
                properties.unscannedLogins(),
                new Spool(
                        service.dataDir().resolve(properties.spool()),
                        Math.toIntExact(properties.spoolThreshold().toBytes())));
    }
}
