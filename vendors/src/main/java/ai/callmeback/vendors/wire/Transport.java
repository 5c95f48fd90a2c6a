package ai.callmeback.vendors.wire;

import ai.callmeback.vendors.settings.Urls;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import reactor.netty.tcp.TcpResources;

/**
 * Connects sockets on a given event loop and nowhere else.
 *
 * <p>Plain Netty, because a pooled HTTP client answers on whichever loop owns the pooled connection, and one call must
 * stay on one thread. Names are resolved on the loop without blocking it.
 */
public final class Transport {

    /** One per kind of socket (epoll or not); each keeps a resolver and its cache per loop. */
    private static final Map<Class<? extends DatagramChannel>, DnsAddressResolverGroup> NAMES =
            new ConcurrentHashMap<>();

    private Transport() {}

    /** Begins to connect; TLS if the scheme asks for it. {@code last} is added to the pipeline behind TLS. */
    static ChannelFuture connect(EventLoop loop, URI uri, Duration timeout, ChannelHandler last) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(TcpResources.get().onChannelClass(SocketChannel.class, loop))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()))
                .handler(new Initializer(uri, timeout, last));
        InetSocketAddress literal = literal(uri);
        if (literal != null) {
            return bootstrap.connect(literal);
        }
        return bootstrap
                .resolver(names(loop))
                .connect(InetSocketAddress.createUnresolved(uri.getHost(), Urls.port(uri)));
    }

    private static DnsAddressResolverGroup names(EventLoop loop) {
        return NAMES.computeIfAbsent(
                TcpResources.get().onChannelClass(DatagramChannel.class, loop),
                type -> new DnsAddressResolverGroup(new DnsNameResolverBuilder().datagramChannelType(type)));
    }

    /** An address that needs no look-up, or null. */
    private static @Nullable InetSocketAddress literal(URI uri) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(uri.getHost());
        try {
            return bytes == null ? null : new InetSocketAddress(InetAddress.getByAddress(bytes), Urls.port(uri));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("address of a wrong length", impossible);
        }
    }

    /** Value of the Host header: the port is left out where it is the standard one. */
    static String authority(URI uri) {
        return uri.getPort() > 0 ? uri.getHost() + ":" + uri.getPort() : uri.getHost();
    }

    private static final class Tls {
        static final SslContext CONTEXT = context();

        private static SslContext context() {
            try {
                return SslContextBuilder.forClient().build();
            } catch (SSLException e) {
                throw new IllegalStateException("this JVM offers no TLS", e);
            }
        }
    }

    private static final class Initializer extends ChannelInitializer<SocketChannel> {
        private final URI uri;
        private final Duration timeout;
        private final ChannelHandler last;

        Initializer(URI uri, Duration timeout, ChannelHandler last) {
            this.uri = uri;
            this.timeout = timeout;
            this.last = last;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            if (Urls.secure(uri)) {
                SslHandler tls = Tls.CONTEXT.newHandler(channel.alloc(), uri.getHost(), Urls.port(uri));
                tls.setHandshakeTimeoutMillis(timeout.toMillis());
                channel.pipeline().addLast(tls);
            }
            channel.pipeline().addLast(last);
        }
    }
}
