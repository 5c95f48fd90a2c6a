package ai.callmeback.vendors.settings;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.vendors.VendorsConfiguration;
import ai.callmeback.vendors.llm.LanguageModel;
import ai.callmeback.vendors.mail.Mailer;
import ai.callmeback.vendors.stt.SpeechToText;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.telephony.Telephony;
import ai.callmeback.vendors.tts.TextToSpeech;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The environment names, through {@code callmeback.yml}, to typed records; and what refuses to start. */
class SettingsTest {

    private static ApplicationContextRunner with(Map<String, Object> environment) {
        return new ApplicationContextRunner()
                .withUserConfiguration(VendorsConfiguration.class)
                .withInitializer(context -> {
                    MutablePropertySources sources = context.getEnvironment().getPropertySources();
                    List.copyOf(sources.stream().toList()).forEach(source -> sources.remove(source.getName()));
                    sources.addFirst(new MapPropertySource("environment", environment));
                    try {
                        new YamlPropertySourceLoader()
                                .load("callmeback", new ClassPathResource("callmeback.yml"))
                                .forEach(sources::addLast);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
    }

    private static Map<String, Object> production() {
        Map<String, Object> environment = new HashMap<>();
        environment.put("CALLMEBACK_ENV", "production");
        environment.put("PUBLIC_URL", "https://cmb.test");
        environment.put("JWT_SECRET", "j".repeat(32));
        environment.put("PAYLOAD_KEYS", "p".repeat(32));
        environment.put("TWILIO_ACCOUNT_SID", "AC" + "0".repeat(32));
        environment.put("TWILIO_AUTH_TOKEN", "t0ken");
        environment.put("TWILIO_PHONE_NUMBER", "+15005550006");
        environment.put("DEEPGRAM_API_KEY", "dg");
        environment.put("CEREBRAS_API_KEY", "cb");
        environment.put("ELEVENLABS_API_KEY", "xi");
        environment.put("RESEND_API_KEY", "re");
        environment.put("RESEND_FROM_EMAIL", "calls@cmb.test");
        environment.put("STRIPE_SECRET_KEY", "sk_test_1");
        environment.put("STRIPE_WEBHOOK_SECRET", "whsec_1");
        return environment;
    }

    @Test
    void bindsTheEnvironmentWithTheRealVendorsAsDefault() {
        Map<String, Object> environment = production();
        environment.put("STT_ENGINE", "nova");
        environment.put("LLM_FALLBACK_MODEL", "big");
        environment.put("DEEPGRAM_URL", "");
        with(environment).run(context -> {
            assertThat(context).hasNotFailed();
            VendorSettings vendors = context.getBean(VendorSettings.class);
            assertThat(vendors.twilio().apiBase()).isEqualTo(URI.create("https://api.twilio.com"));
            assertThat(vendors.deepgram().url()).isEqualTo(URI.create("wss://api.deepgram.com"));
            assertThat(vendors.deepgram().engine()).isEqualTo(SttOptions.Engine.NOVA);
            assertThat(vendors.llm().apiKey().reveal()).isEqualTo("cb");
            assertThat(vendors.llm().models()).containsExactly("gpt-oss-120b", "big");
            PlatformSettings platform = context.getBean(PlatformSettings.class);
            assertThat(platform.mediaUrl()).isNull();
            assertThat(platform.production()).isTrue();
            assertThat(platform.publicUri("/a/b")).isEqualTo(URI.create("https://cmb.test/a/b"));
            for (Class<?> port : List.of(
                    Telephony.class, SpeechToText.class, LanguageModel.class, TextToSpeech.class, Mailer.class)) {
                assertThat(context.getBean(port)).isNotNull();
            }
        });
    }

    @Test
    void startsLocallyWithNothingSet() {
        with(Map.of()).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(Telephony.class)).isNotNull();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "JWT_SECRET,tiny",
        "PAYLOAD_KEYS,''",
        "TWILIO_ACCOUNT_SID,AC123",
        "TWILIO_AUTH_TOKEN,''",
        "TWILIO_PHONE_NUMBER,555-0006",
        "TWILIO_API_BASE,ftp://x",
        "DEEPGRAM_API_KEY,''",
        "DEEPGRAM_URL,https://api.deepgram.com",
        "CEREBRAS_API_KEY,''",
        "LLM_BASE_URL,http://llm.test/v1",
        "ELEVENLABS_URL,wss://h.test/x?key=1",
        "RESEND_FROM_EMAIL,''",
        "MEDIA_URL,ws://media.test/media",
        "PUBLIC_URL,http://cmb.test",
        "CALLMEBACK_ENV,prod",
        "CALLMEBACK_SIMULATED_VENDORS,twilio"
    })
    void refusesToStartAndNamesTheVariable(String variable, String value) {
        Map<String, Object> environment = production();
        environment.put(variable, value);
        String named = variable.equals("CEREBRAS_API_KEY") ? "LLM_API_KEY" : variable;
        with(environment)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfSatisfying(InvalidSettingsException.class, e -> {
                            assertThat(e.problems())
                                    .anyMatch(problem -> problem.variable().equals(named));
                            assertThat(e.problems())
                                    .allMatch(problem -> !problem.remedy().isBlank());
                            assertThat(e.getMessage()).doesNotContain("t0ken", "tiny");
                        }));
    }

    @Test
    void asksAnAppOnlyForWhatItNeeds() {
        Map<String, Object> environment = production();
        environment.put("DEEPGRAM_API_KEY", "");
        environment.put("JWT_SECRET", "");
        environment.put("callmeback.needs", "PAYLOAD_KEYS,TWILIO_AUTH_TOKEN");
        with(environment).run(context -> assertThat(context).hasNotFailed());
        environment.put("TWILIO_AUTH_TOKEN", "");
        with(environment).run(context -> assertThat(context).hasFailed());
    }

    @Test
    void namesAllProblemsAtOnceForAPerson() {
        List<SettingsProblem> problems = new ArrayList<>();
        with(Map.of("CALLMEBACK_ENV", "production"))
                .run(context ->
                        problems.addAll(((InvalidSettingsException) rootOf(context.getStartupFailure())).problems()));
        assertThat(problems)
                .extracting(SettingsProblem::variable)
                .contains("JWT_SECRET", "PAYLOAD_KEYS", "TWILIO_AUTH_TOKEN", "LLM_API_KEY", "RESEND_API_KEY");
        var analysis = new InvalidSettingsAnalyzer().analyze(new InvalidSettingsException(problems));
        assertThat(analysis.getDescription()).contains("JWT_SECRET is not set");
        assertThat(analysis.getAction()).contains("JWT_SECRET: set a random value");
    }

    private static Throwable rootOf(Throwable failure) {
        return failure.getCause() == null ? failure : rootOf(failure.getCause());
    }

    @Test
    void neverPrintsASecret() {
        Secret secret = Secret.of(" s3cret ");
        assertThat(secret).hasToString("***");
        assertThat(secret.reveal()).isEqualTo("s3cret");
        assertThat(secret).isEqualTo(Secret.of("s3cret")).isNotEqualTo(Secret.of("other"));
        assertThat(JsonMapper.builder()
                        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                        .build()
                        .writeValueAsString(secret))
                .doesNotContain("s3cret");
        assertThat(new VendorSettings.Twilio("AC1", secret, "+1", URI.create("http://x")).toString())
                .doesNotContain("s3cret");
    }

    @Test
    void saysForEveryVendorCallHowLongHowOftenAndWhatThen() {
        for (VendorPolicy policy : VendorPolicy.values()) {
            assertThat(policy.deadline()).isPositive();
            assertThat(policy.attempts()).isPositive();
            assertThat(policy.fallback()).isNotBlank();
        }
        assertThat(VendorPolicy.TWILIO_CREATE_CALL.attempts()).isEqualTo(1);
    }
}
