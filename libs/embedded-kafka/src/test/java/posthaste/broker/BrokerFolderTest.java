package posthaste.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerFolderTest {
    private static final int NODE = 1;

    @TempDir Path folder;

    @BeforeEach
    void formatted() {
        try (BrokerFolder opened = BrokerFolder.open(folder, NODE)) {
            assertThat(opened.isFormatted()).isFalse();
            opened.format(NODE, Uuid.randomUuid().toString());
        }
    }

    @Test
    void aFormattedFolderOpensAgain() {
        try (BrokerFolder opened = BrokerFolder.open(folder, NODE)) {
            assertThat(opened.isFormatted()).isTrue();
        }
    }

    @Test
    void aFolderOfANewerKafkaIsRefused() throws IOException {
        edit("versions.properties", "metadata.level=\\d+", "metadata.level=999");
        assertThatThrownBy(() -> BrokerFolder.open(folder, NODE))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("metadata level 999");
    }

    @Test
    void aFolderOfAnotherNodeIsRefused() {
        assertThatThrownBy(() -> BrokerFolder.open(folder, 2))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("belongs to node 1, this is node 2");
    }

    @Test
    void aFolderOfAnotherClusterIsRefused() throws IOException {
        edit("meta.properties", "cluster.id=.*", "cluster.id=another");
        assertThatThrownBy(() -> BrokerFolder.open(folder, NODE))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("another");
    }

    @Test
    void aFolderOfSomebodyElsesKafkaIsRefused() throws IOException {
        Files.delete(folder.resolve("versions.properties"));
        assertThatThrownBy(() -> BrokerFolder.open(folder, NODE))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("did not set up");
    }

    @Test
    void aRefusedFolderIsNotLeftLocked() throws IOException {
        assertThatThrownBy(() -> BrokerFolder.open(folder, 2))
                .isInstanceOf(BrokerStartException.class);
        BrokerFolder.open(folder, NODE).close();
    }

    private void edit(String file, String pattern, String replacement) throws IOException {
        Path path = folder.resolve(file);
        Files.writeString(path, Files.readString(path).replaceAll(pattern, replacement));
    }
}
