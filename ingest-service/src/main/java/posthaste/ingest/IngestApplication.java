package posthaste.ingest;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** ingest-service as a process of its own. */
@SpringBootApplication(scanBasePackageClasses = IngestApplication.class)
public class IngestApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(IngestApplication.class, arguments);
    }
}
