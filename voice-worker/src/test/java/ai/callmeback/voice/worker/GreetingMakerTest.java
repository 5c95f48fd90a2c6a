package ai.callmeback.voice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.db.call.Briefs;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.Greetings;
import ai.callmeback.db.call.NewCall;
import ai.callmeback.db.cost.PriceBook;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.db.usage.UsageStore;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.PlannedDuration;
import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.voice.call.FakeVendors;
import ai.callmeback.voice.mouth.Voices;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GreetingMakerTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final Voices VOICES = new Voices("eleven_flash_v2_5", "usual", System::nanoTime);
    private static final String GREETING = "Hello Ann, this is Brad.";

    private final UsageStore usage = UsageStore.on(DB.client(), PriceBook.on(DB.client()));

    @Test
    void aCallThatRingsIsSpokenForOnceAndWhatItUsedIsTheCallsAnsweredOrNot() {
        CallId call = ringing();
        FakeVendors.Voice voice = new FakeVendors.Voice();
        Greetings greetings = new Greetings(DB.client());
        try (GreetingMaker one = maker(greetings, voice);
                GreetingMaker another = maker(greetings, voice)) {
            one.start();
            another.start();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !DB.query("select 1 from greetings where mulaw is not null")
                            .isEmpty());
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(
                                    usage.summary(call).block().totals().ttsCharacters())
                            .isEqualTo(Map.of("eleven_flash_v2_5", (long) (GREETING + " ").length())));
            await().pollDelay(Duration.ofMillis(3 * GreetingMaker.LOOK_MILLIS))
                    .untilAsserted(() -> assertThat(voice.said).containsExactly(GREETING));
        }
        assertThat(usage.summary(call).block()).satisfies(summary -> {
            assertThat(summary.complete()).isTrue();
            assertThat(summary.talkMs()).isZero();
        });
    }

    private GreetingMaker maker(Greetings greetings, FakeVendors.Voice voice) {
        return new GreetingMaker(greetings, usage, voice, VOICES, InstantSource.system());
    }

    private static CallId ringing() {
        CallStore calls = new CallStore(DB.client(), DB.transactions());
        UUID user = UUID.randomUUID();
        DB.execute(
                "insert into users (id, email, password_hash, display_name, pseudonym, max_concurrent_calls) values ('"
                        + user + "', 'ann@example.com', 'x', 'Ann', 'u-1', 1)");
        CallId id = new CallId(UUID.randomUUID());
        calls.accept(new NewCall(
                        id,
                        new UserId(user),
                        null,
                        new PersonaId("brad_001"),
                        "",
                        new E164("+14155550141"),
                        PlannedDuration.MINUTES_5,
                        NewCall.When.now(NOW),
                        CallbackPolicy.DEFAULT,
                        NOW))
                .block();
        for (CallStatus status : List.of(CallStatus.DUE, CallStatus.ADMITTED, CallStatus.DIALING)) {
            calls.move(id, status, CallStore.Move.of("step-" + status), NOW).block();
        }
        calls.openAttempt(id, 1, 0, NOW).block();
        new Briefs(DB.client()).put(brief(id), NOW).block();
        return id;
    }

    private static Brief brief(CallId id) {
        return new Brief(
                id,
                1,
                new Brief.Voice("brad_001", "Brad", "voice", "{}", ""),
                new Brief.Mind("You are Brad.", new BigDecimal("0.6"), 160, ""),
                GREETING,
                "",
                "Bye",
                "One minute left",
                "Sorry",
                List.of("Hm."),
                List.of("Still there?"),
                300,
                "",
                NOW);
    }
}
