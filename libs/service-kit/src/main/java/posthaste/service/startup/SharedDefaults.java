package posthaste.service.startup;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.ResourcePropertySource;

/**
 * Puts {@code posthaste-defaults.properties} below everything else, so that each service's
 * application.yml says only what is its own, and none hides another's in one process.
 */
public final class SharedDefaults implements EnvironmentPostProcessor {

    @Override
    public void postProcessEnvironment(
            ConfigurableEnvironment environment, SpringApplication application) {
        try {
            environment
                    .getPropertySources()
                    .addLast(
                            new ResourcePropertySource(
                                    "posthasteDefaults",
                                    new ClassPathResource("posthaste-defaults.properties")));
        } catch (IOException e) {
            throw new UncheckedIOException("service-kit carries its defaults", e);
        }
    }
}
