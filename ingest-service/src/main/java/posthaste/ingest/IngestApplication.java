package posthaste.ingest;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** ingest-service as a process of its own. */
@SpringBootApplication(scanBasePackages = "posthaste.ingest")
public class IngestApplication {

    static void main(String[] args) {
        SpringApplication.run(IngestApplication.class, args);
    }
}
