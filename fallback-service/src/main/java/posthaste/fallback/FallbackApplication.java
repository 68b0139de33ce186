package posthaste.fallback;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** fallback-service as a process of its own. */
@SpringBootApplication(scanBasePackages = "posthaste.fallback")
public class FallbackApplication {

    static void main(String[] args) {
        SpringApplication.run(FallbackApplication.class, args);
    }
}
