package ai.callmeback.dev.temporal;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.internal.testservice.TestServicesStarter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Temporal's Java test server as a last resort, on loopback only. Nothing survives its end, there is no UI, no
 * schedules and no list queries.
 *
 * <p>It never times out sticky queues, so a workflow whose worker process died would hang for ever; therefore the
 * sticky attributes are taken out of every completed workflow task on its way in.
 */
public final class InJvmServer implements AutoCloseable {
    private final TestServicesStarter services;
    private final Server server;

    private InJvmServer(TestServicesStarter services, Server server) {
        this.services = services;
        this.server = server;
    }

    /** @param port 0 for any free one */
    public static InJvmServer start(int port) throws IOException {
        return start(port, List.of(new NoStickyQueues()));
    }

    /** Seam of the test that sees what happens without the interceptor. */
    static InJvmServer start(int port, List<ServerInterceptor> interceptors) throws IOException {
        TestServicesStarter services = new TestServicesStarter(true, 0);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), InsecureServerCredentials.create());
        builder.maxInboundMessageSize(8 * 1024 * 1024);
        interceptors.forEach(builder::intercept);
        GRPCServerHelper.registerServicesAndHealthChecks(services.getServices(), builder);
        return new InJvmServer(services, builder.build().start());
    }

    public String target() {
        return "127.0.0.1:" + server.getPort();
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        InJvmServer server = start(Integer.parseInt(arguments[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        server.server.awaitTermination();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        services.close();
    }

    private static final class NoStickyQueues implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
                @Override
                @SuppressWarnings("unchecked") // the replacement is of the very type it replaces
                public void onMessage(Q message) {
                    if (message instanceof RespondWorkflowTaskCompletedRequest completed) {
                        super.onMessage((Q)
                                completed.toBuilder().clearStickyAttributes().build());
                    } else {
                        super.onMessage(message);
                    }
                }
            };
        }
    }
}
