package posthaste.bounce;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** bounce-service as a process of its own. */
@SpringBootApplication(scanBasePackages = "posthaste.bounce")
public class BounceApplication {

    static void main(String[] args) {
        SpringApplication.run(BounceApplication.class, args);
    }
}
