package posthaste.delivery;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** delivery-service as a process of its own. */
@SpringBootApplication(scanBasePackages = "posthaste.delivery")
public class DeliveryApplication {

    static void main(String[] args) {
        SpringApplication.run(DeliveryApplication.class, args);
    }
}
