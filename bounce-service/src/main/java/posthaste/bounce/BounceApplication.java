package posthaste.bounce;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** bounce-service as a process of its own; scans for nothing, so it is what is composed. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(BounceConfiguration.class)
public class BounceApplication {

    static void main(String[] args) {
        SpringApplication.run(BounceApplication.class, args);
    }
}
