package posthaste.standalone.run;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import posthaste.bounce.BounceConfiguration;
import posthaste.delivery.DeliveryConfiguration;
import posthaste.fallback.FallbackConfiguration;
import posthaste.ingest.IngestConfiguration;

/** The four services, as they are, in one context. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
    IngestConfiguration.class,
    DeliveryConfiguration.class,
    FallbackConfiguration.class,
    BounceConfiguration.class,
    SubmissionSecurity.class
})
class WholeConfiguration {}
