package posthaste.bounce.deliverylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What those who ask wait for while the database is away. */
class LogDatabaseTest {
    private static final int ASKING = 4;

    @Test
    void whoeverAsksWhileItIsAwayWaitsForNobodyElse() throws Exception {
        // Answers nobody before all of them have asked.
        CyclicBarrier all = new CyclicBarrier(ASKING);
        LogDatabase database = new LogDatabase(awayAfter(all));
        List<Future<Connection>> answers = new ArrayList<>();
        try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < ASKING; i++) {
                answers.add(asking.submit(database::connection));
            }
        }
        for (Future<Connection> answer : answers) {
            assertThatThrownBy(answer::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(SQLException.class)
                    .hasMessage("away");
        }
        assertThat(all.isBroken()).isFalse();
    }

    private static DataSource awayAfter(CyclicBarrier all) {
        return (DataSource)
                Proxy.newProxyInstance(
                        LogDatabaseTest.class.getClassLoader(),
                        new Class<?>[] {DataSource.class},
                        (_, method, _) -> {
                            assertThat(method.getName()).isEqualTo("getConnection");
                            all.await(60, TimeUnit.SECONDS);
                            throw new SQLException("away");
                        });
    }
}
