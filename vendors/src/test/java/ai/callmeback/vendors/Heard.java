package ai.callmeback.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Collects the events of a listener and remembers any that came on another thread than its loop's. */
public final class Heard<E> {

    private final EventLoop loop;
    private final List<E> events = new CopyOnWriteArrayList<>();
    private final List<String> strays = new CopyOnWriteArrayList<>();

    public Heard(EventLoop loop) {
        this.loop = loop;
    }

    public void add(E event) {
        if (!loop.inEventLoop()) {
            strays.add(Thread.currentThread().getName() + ": " + event);
        }
        events.add(event);
    }

    public List<E> events() {
        assertThat(strays).as("events on a foreign thread").isEmpty();
        return List.copyOf(events);
    }

    public <T extends E> List<T> all(Class<T> type) {
        return events().stream().filter(type::isInstance).map(type::cast).toList();
    }

    public <T extends E> T awaitFirst(Class<T> type) {
        return awaitFirst(type, Duration.ofSeconds(30));
    }

    public <T extends E> T awaitFirst(Class<T> type, Duration longest) {
        await().atMost(longest)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(all(type))
                        .as("%s in %s", type.getSimpleName(), events)
                        .isNotEmpty());
        return all(type).getFirst();
    }
}
