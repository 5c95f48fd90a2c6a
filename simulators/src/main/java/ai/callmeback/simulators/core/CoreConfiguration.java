package ai.callmeback.simulators.core;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Clock;
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

    @Bean(destroyMethod = "shutdownGracefully")
    EventLoopGroup exchangeLoop() {
        return new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory("exchange", true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
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
