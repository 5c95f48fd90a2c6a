package ai.callmeback.vendors.llm;

import ai.callmeback.vendors.RecentRefusals;
import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.settings.Urls;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.wire.LoopHttpClient;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Any host that speaks the OpenAI chat interface: Cerebras, OpenAI, vLLM, llama.cpp, Ollama. */
public final class OpenAiLanguageModel implements LanguageModel {
    private static final Logger LOG = LoggerFactory.getLogger(OpenAiLanguageModel.class);

    static final String VENDOR = "llm";

    final VendorSettings.Llm settings;
    final LoopHttpClient http = new LoopHttpClient();
    final URI address;
    final HttpHeaders streamHeaders;
    private final RecentRefusals refused;
    private final CompleteAnswers answers;

    /** @param background loops for {@link #complete}, made on first use */
    public OpenAiLanguageModel(VendorSettings.Llm settings, Supplier<EventLoopGroup> background) {
        this(settings, background, System::nanoTime);
    }

    /** @param nanos time that only goes on */
    OpenAiLanguageModel(VendorSettings.Llm settings, Supplier<EventLoopGroup> background, LongSupplier nanos) {
        this.settings = settings;
        this.refused = new RecentRefusals(nanos);
        this.address = Urls.append(settings.baseUrl(), "/chat/completions");
        this.streamHeaders = headers("text/event-stream");
        this.answers = new CompleteAnswers(this, background);
    }

    @Override
    public LlmCall stream(LlmRequest request, EventLoop loop, LlmListener listener) {
        if (!loop.inEventLoop()) {
            throw new IllegalStateException("an answer must be started on its own event loop");
        }
        StreamedAnswer answer = new StreamedAnswer(this, request, models(request), loop, listener);
        answer.start();
        return answer;
    }

    @Override
    public Mono<LlmReply> complete(LlmRequest request) {
        return answers.complete(request, models(request), VendorPolicy.LLM_COMPLETE);
    }

    HttpHeaders headers(String accept) {
        HttpHeaders headers =
                new DefaultHttpHeaders().set("Content-Type", "application/json").set("Accept", accept);
        if (settings.apiKey().isSet()) {
            headers.set("Authorization", "Bearer " + settings.apiKey().reveal());
        }
        return headers;
    }

    /** Takes note of a model that the vendor does not have, if this is why it did not answer. */
    void failed(String model, VendorFault fault) {
        boolean unknown = fault.kind() == Kind.NOT_FOUND
                || (!fault.retryable() && fault.code().startsWith("model_"));
        if (unknown) {
            refused.add(model);
            LOG.warn("the language model {} is refused ({} {})", model, fault.kind(), fault.code());
        }
    }

    /** Those asked for by name, as far as the vendor has them, and behind them those configured. */
    private List<String> models(LlmRequest request) {
        return request.models().isEmpty()
                ? settings.models()
                : Stream.concat(
                                request.models().stream().filter(model -> !refused.has(model)),
                                settings.models().stream())
                        .distinct()
                        .toList();
    }
}
