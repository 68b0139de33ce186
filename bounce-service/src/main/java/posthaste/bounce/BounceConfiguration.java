package posthaste.bounce;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import posthaste.bounce.audit.AuditConfiguration;
import posthaste.bounce.deliverylog.DeliveryLogConfiguration;
import posthaste.bounce.quarantine.QuarantineConfiguration;
import posthaste.bounce.quarantine.QuarantineLoops;
import posthaste.bounce.returned.ReturnedConfiguration;
import posthaste.bounce.salvage.SalvageConfiguration;
import posthaste.bounce.suppression.SuppressionConfiguration;
import posthaste.bounce.web.WebConfiguration;
import posthaste.bounce.webhooks.WebhookConfiguration;

/** Composes bounce-service: what senders are told, and what everybody else can look up. */
@Configuration(proxyBeanMethods = false)
@Import({
    NotificationConfiguration.class,
    DeliveryLogConfiguration.class,
    AuditConfiguration.class,
    ReturnedConfiguration.class,
    SalvageConfiguration.class,
    QuarantineConfiguration.class,
    QuarantineLoops.class,
    SuppressionConfiguration.class,
    WebConfiguration.class,
    WebhookConfiguration.class,
})
public class BounceConfiguration {}
