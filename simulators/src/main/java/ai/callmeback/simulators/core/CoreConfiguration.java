package ai.callmeback.simulators.core;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CoreConfiguration {
    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Its shutdown is awaited at the end of the process, and nothing of it is worth Netty's two quiet seconds. */
    @Bean(destroyMethod = "shutdownGracefully")
    EventLoopGroup exchangeLoop() {
        return new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory("exchange", true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory()) {
            @Override
            public Future<?> shutdownGracefully() {
                return shutdownGracefully(0, 1, TimeUnit.SECONDS);
            }
        };
    }

    @Bean
    EventLoopTime simTime(EventLoopGroup exchangeLoop, Clock clock) {
        return new EventLoopTime(exchangeLoop.next(), clock);
    }

    @Bean
    Journal journal(SimTime time, @Value("${simulators.journal-capacity:200000}") int capacity) {
        return new Journal(time, capacity);
    }

    @Bean
    Faults faults(Journal journal) {
        return new Faults(journal);
    }
}
