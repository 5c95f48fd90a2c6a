package ai.callmeback.voice.worker;

import ai.callmeback.db.DatabaseConfiguration;
import ai.callmeback.db.brief.BriefDesk;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.ConversationJournal;
import ai.callmeback.db.call.DialIntents;
import ai.callmeback.db.call.Greetings;
import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.db.call.MediaRehearsal;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.memory.Memories;
import ai.callmeback.db.recording.Recordings;
import ai.callmeback.db.usage.UsageStore;
import ai.callmeback.domain.IdSource;
import ai.callmeback.vendors.VendorsConfiguration;
import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.settings.InvalidSettingsException;
import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.stt.SpeechToText;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.telephony.Telephony;
import ai.callmeback.vendors.trace.CallTraces;
import ai.callmeback.vendors.tts.TextToSpeech;
import ai.callmeback.voice.call.CallPorts;
import ai.callmeback.voice.call.CallSession;
import ai.callmeback.voice.call.CallTools;
import ai.callmeback.voice.call.TurnMeter;
import ai.callmeback.voice.journal.JournalWriter;
import ai.callmeback.voice.mouth.PhraseCache;
import ai.callmeback.voice.mouth.Voices;
import ai.callmeback.voice.recording.TapeWriter;
import ai.callmeback.voice.report.Reporter;
import ai.callmeback.voice.socket.LiveCalls;
import ai.callmeback.voice.socket.MediaClaims;
import ai.callmeback.voice.socket.MediaServer;
import ai.callmeback.voice.wording.Speakable;
import ai.callmeback.workflows.codec.PayloadEncryption;
import ai.callmeback.workflows.codec.SealedBytes;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

/** Puts the voice worker together. Calls have event loops of their own, the database has others. */
@Configuration(proxyBeanMethods = false)
@Import({DatabaseConfiguration.class, VendorsConfiguration.class})
@EnableConfigurationProperties(VoiceSettings.class)
class VoiceConfiguration {
    private static final Duration BATCH_DEADLINE = Duration.ofSeconds(5);

    /** One process's one life. */
    record Incarnation(String id) {}

    @Bean
    InitializingBean voiceSettingsCheck(VoiceSettings settings) {
        return () -> {
            if (!settings.problems().isEmpty()) {
                throw new InvalidSettingsException(settings.problems());
            }
        };
    }

    @Bean
    Incarnation incarnation() {
        return new Incarnation(UUID.randomUUID().toString());
    }

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }

    /** Payloads are sealed, here as everywhere. */
    @Bean
    DataConverter dataConverter(PlatformSettings platform) {
        if (!platform.payloadKeys().isSet()) {
            throw new IllegalStateException("PAYLOAD_KEYS is not set; it looks like key1:<base64 of 32 bytes>");
        }
        return PayloadEncryption.converter(platform.payloadKeys().reveal());
    }

    /** The loops of the HTTP server are the loops of the calls. */
    @Bean
    ReactorResourceFactory reactorResourceFactory(VoiceSettings settings) {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResourcesSupplier(() -> LoopResources.create("call", settings.loops(), true));
        return resources;
    }

    @Bean
    LiveCalls liveCalls(VoiceSettings settings) {
        return new LiveCalls(settings.capacity());
    }

    @Bean
    DatabaseClaims mediaClaims(
            MediaOwners owners,
            Greetings greetings,
            PhraseCache phrases,
            Voices voices,
            Incarnation self,
            VoiceMeter meter,
            InstantSource clock) {
        return new DatabaseClaims(owners, greetings, phrases, voices, self.id(), meter, clock);
    }

    @Bean
    ClaimRehearsal claimRehearsal(
            MediaRehearsal rehearsal, DatabaseClaims claims, Incarnation self, InstantSource clock) {
        return new ClaimRehearsal(rehearsal, claims, self.id(), clock);
    }

    @Bean
    Voices voices(VendorSettings vendors) {
        return new Voices(vendors.elevenlabs().model(), vendors.elevenlabs().voice(), System::nanoTime);
    }

    @Bean
    PhraseCache phraseCache() {
        return new PhraseCache();
    }

    @Bean(destroyMethod = "close")
    GreetingMaker greetingMaker(
            Greetings greetings, UsageStore usage, TextToSpeech textToSpeech, Voices voices, InstantSource clock) {
        return new GreetingMaker(greetings, usage, textToSpeech, voices, clock);
    }

    @Bean(destroyMethod = "close")
    JournalWriter journalWriter(ConversationJournal journal, LiveCalls calls, Incarnation self, InstantSource clock) {
        JournalWriter.JournalStore store = lines -> {
            List<ConversationJournal.Fenced> fenced = journal.appendBatch(self.id(), lines, clock.instant())
                    .collectList()
                    .block(BATCH_DEADLINE);
            return fenced == null
                    ? List.of()
                    : fenced.stream()
                            .map(leg -> new JournalWriter.Leg(leg.callId(), leg.mediaLeg()))
                            .toList();
        };
        return new JournalWriter(store, leg -> fence(calls, leg), clock).start();
    }

    /** A leg whose lines were refused has been overtaken: it must not say another word. */
    private static void fence(LiveCalls calls, JournalWriter.Leg leg) {
        LiveCalls.Live live = calls.find(leg.callId());
        if (live != null && live.session().setup().mediaLeg() == leg.mediaLeg()) {
            live.run(CallSession::superseded);
        }
    }

    @Bean(destroyMethod = "close")
    Reporter reporter(
            WorkflowClient client,
            UsageStore usage,
            DialIntents dials,
            LiveCalls calls,
            MediaClaims claims,
            Incarnation self,
            InstantSource clock) {
        return new Reporter(new TemporalSignals(client, usage, dials, clock), self.id(), (leg, result) -> {
            calls.ended(leg.callId(), leg.mediaLeg(), result);
            claims.release(leg);
        });
    }

    @Bean(destroyMethod = "close")
    WorkflowTools callTools(
            WorkflowClient client,
            CallStore calls,
            Users users,
            BriefDesk briefs,
            Memories memories,
            CallTraces traces,
            InstantSource clock) {
        return new WorkflowTools(client, calls, users, briefs, memories, traces, IdSource.timeOrdered(), clock);
    }

    @Bean
    VoiceMeter turnMeter(MeterRegistry registry, CallTraces traces, InstantSource clock) {
        return new VoiceMeter(registry, new VoiceTraces(traces, clock));
    }

    /** What waits and what was lost beside the calls. */
    @Bean
    MeterBinder workerGauges(LiveCalls calls, JournalWriter journals, TapeWriter tapes, Voices voices) {
        return registry -> {
            Gauge.builder("voice.calls", calls, LiveCalls::count)
                    .description("Calls on this worker")
                    .register(registry);
            Gauge.builder("voice.journal.waiting", journals, JournalWriter::waiting)
                    .description("Lines not written yet")
                    .register(registry);
            FunctionCounter.builder("voice.journal.dropped", journals, JournalWriter::dropped)
                    .description("Lines lost because too many waited")
                    .register(registry);
            FunctionCounter.builder("voice.recording.dropped", tapes, TapeWriter::dropped)
                    .description("Stretches of sound lost")
                    .register(registry);
            refusals(registry, "model", voices, Voices::modelRefusals);
            refusals(registry, "voice", voices, Voices::voiceRefusals);
        };
    }

    private static void refusals(MeterRegistry registry, String what, Voices voices, ToDoubleFunction<Voices> count) {
        FunctionCounter.builder("voice.refused", voices, count)
                .description("Of a persona, refused by the speech vendor: the product's was used")
                .tag("what", what)
                .register(registry);
    }

    @Bean(destroyMethod = "close")
    TapeWriter tapes(Recordings recordings, PlatformSettings platform, InstantSource clock) {
        return new TapeWriter(
                        recordings, SealedBytes.with(platform.payloadKeys().reveal()), clock)
                .start();
    }

    @Bean
    MediaServer mediaServer(
            MediaClaims claims,
            LiveCalls calls,
            JournalWriter journals,
            Reporter reporter,
            TurnMeter meter,
            SpeechToText speechToText,
            LanguageModel languageModel,
            TextToSpeech textToSpeech,
            Telephony telephony,
            CallTools tools,
            Voices voices,
            PhraseCache phrases,
            Greetings greetings,
            VendorSettings vendors,
            VoiceSettings settings,
            TapeWriter tapes,
            InstantSource clock) {
        SttOptions first = SttOptions.of(vendors.deepgram().engine());
        SttOptions second = first.engine() == SttOptions.Engine.FLUX ? SttOptions.nova() : SttOptions.flux();
        CallPorts ports = new CallPorts(
                speechToText,
                List.of(first, second),
                languageModel,
                textToSpeech,
                voices,
                phrases,
                new DatabaseHandOvers(greetings),
                telephony,
                tools,
                settings.leaveMessages(),
                reporter,
                meter,
                clock);
        Speakable.prepare();
        return new MediaServer(claims, calls, ports, journals::open, tapes);
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> mediaRoute(MediaServer media) {
        return factory -> factory.addRouteProviders(media::route);
    }

    @Bean(destroyMethod = "close")
    TemporalSide temporalSide(WorkflowClient client, Incarnation self, LiveCalls calls) {
        return new TemporalSide(client, self.id(), calls);
    }
}
