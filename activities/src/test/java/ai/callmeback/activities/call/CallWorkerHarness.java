package ai.callmeback.activities.call;

import ai.callmeback.activities.CallWorkerApplication;
import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.InboxMessage;
import ai.callmeback.db.call.NewCall;
import ai.callmeback.db.call.WebhookInbox;
import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.PlannedDuration;
import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.llm.LlmCall;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.vendors.llm.LlmListener;
import ai.callmeback.vendors.llm.LlmReply;
import ai.callmeback.vendors.llm.LlmRequest;
import ai.callmeback.vendors.llm.LlmUsage;
import ai.callmeback.vendors.mail.MailOutcome;
import ai.callmeback.vendors.mail.Mailer;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoop;
import io.temporal.client.WorkflowClient;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.internal.testservice.TestServicesStarter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/** The whole call worker on a real PostgreSQL and the in-JVM Temporal server, with the vendors behind their ports faked. */
final class CallWorkerHarness implements AutoCloseable {
    private static final AtomicInteger NUMBERS = new AtomicInteger(2000);

    final TestDatabase db;
    final FakeTelephony telephony = new FakeTelephony();
    final List<String> mails = new CopyOnWriteArrayList<>();
    private final TestServicesStarter services = new TestServicesStarter(true, 0);
    private final Server temporal;
    private final ConfigurableApplicationContext app;

    CallWorkerHarness(TestDatabase db) throws IOException {
        this.db = db;
        var builder = NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create());
        GRPCServerHelper.registerServicesAndHealthChecks(services.getServices(), builder);
        temporal = builder.build().start();
        Mailer mailer = (email, key) -> {
            mails.add(key);
            return Mono.just(new MailOutcome.Accepted("mail-" + key.hashCode()));
        };
        app = new SpringApplicationBuilder(CallWorkerApplication.class)
                .initializers(context -> {
                    var beans = context.getBeanFactory();
                    beans.registerSingleton("fakeTelephony", telephony);
                    beans.registerSingleton("fakeMailer", mailer);
                    beans.registerSingleton("fakeModel", new SummaryModel());
                    context.addBeanFactoryPostProcessor(factory -> {
                        for (String real : List.of("telephony", "mailer", "languageModel")) {
                            ((org.springframework.beans.factory.support.BeanDefinitionRegistry) factory)
                                    .removeBeanDefinition(real);
                        }
                    });
                })
                .run(
                        "--server.port=0",
                        "--callmeback.database.url=" + db.url(),
                        "--callmeback.temporal.address=127.0.0.1:" + temporal.getPort(),
                        "--callmeback.payload-keys=test:" + Base64.getEncoder().encodeToString(new byte[32]));
    }

    <T> T bean(Class<T> type) {
        return app.getBean(type);
    }

    /** One of the relays, to be stopped and started. */
    SmartLifecycle relay(String name) {
        return app.getBean(name, SmartLifecycle.class);
    }

    WorkflowClient workflows() {
        return app.getBean(WorkflowClient.class);
    }

    UserId user(long creditMinutes) {
        UUID id = UUID.randomUUID();
        db.execute(
                "insert into users (id, email, password_hash, display_name, pseudonym, max_concurrent_calls) values ('"
                        + id + "', '" + id + "@example.com', 'x', 'Ann', 'u-" + id + "', 3)");
        if (creditMinutes > 0) {
            bean(Ledger.class)
                    .grant(GrantRequest.free(
                            "seed:" + id, new UserId(id), Credits.ofMinutes(creditMinutes), GrantSource.TRIAL))
                    .block();
        }
        return new UserId(id);
    }

    NewCall request(UserId user) {
        Instant now = Instant.now();
        return new NewCall(
                new CallId(UUID.randomUUID()),
                user,
                null,
                new PersonaId("brad_001"),
                "",
                new E164("+1415555" + NUMBERS.incrementAndGet()),
                PlannedDuration.MINUTES_5,
                NewCall.When.now(now),
                CallbackPolicy.DEFAULT,
                now);
    }

    void accept(NewCall call) {
        bean(CallStore.class).accept(call).block();
    }

    CallRecord row(NewCall call) {
        return bean(CallStore.class).find(call.id()).block();
    }

    CallStatus status(NewCall call) {
        return row(call).status();
    }

    void webhook(NewCall call, int attempt, String callSid, String status, Map<String, String> more) {
        var payload = new java.util.HashMap<>(more);
        payload.put("CallSid", callSid);
        payload.put("CallStatus", status);
        bean(WebhookInbox.class)
                .store(new InboxMessage(
                        0, "twilio", "status", callSid + status, call.id(), attempt, payload, Instant.now()))
                .block();
    }

    @Override
    public void close() {
        app.close();
        temporal.shutdownNow();
        services.close();
    }

    /** Sums up in one sentence and says what it used. */
    private static final class SummaryModel implements LanguageModel {
        @Override
        public LlmCall stream(LlmRequest request, EventLoop loop, LlmListener listener) {
            throw new UnsupportedOperationException("the call worker does not converse");
        }

        @Override
        public Mono<LlmReply> complete(LlmRequest request) {
            return Mono.just(new LlmReply.Answered(
                    "They spoke of rowing.",
                    LlmEvent.FinishReason.STOP,
                    "llama3.1-8b",
                    List.of(new LlmUsage("llama3.1-8b", 100, 10, 0, false))));
        }
    }
}
