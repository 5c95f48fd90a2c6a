package ai.callmeback.simulators.core;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Lets Reactor Netty answer every request on a kept connection. Version 1.3.6 leaves about one in fifty without an
 * answer: a request that comes before the one ahead of it has been put away is queued, and the reading of its connection
 * is then never taken up again (reactor/reactor-netty#4361). With this switch of the library's own the earlier request is
 * put away first. Found by Spring in every application that has this class; harmless where the mistake is mended.
 */
public final class KeptConnections implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    static final String SWITCH = "reactor.netty.http.server.lastFlushWhenNoRead";

    /** Read by the library with the first connection, which no application has before its context. */
    @Override
    public void initialize(ConfigurableApplicationContext context) {
        if (System.getProperty(SWITCH) == null) {
            System.setProperty(SWITCH, "true");
        }
    }
}
