package ai.callmeback.api.codec;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.settings.ApiSettings;
import ai.callmeback.db.identity.UserAccount.Role;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.swagger.v3.oas.annotations.Hidden;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.payload.codec.PayloadCodec;
import io.temporal.payload.codec.PayloadCodecException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Temporal's remote codec: {@code {"payloads":[…]}} in the JSON form of protobuf. Elsewhere than in the local environment an operator's session is needed too: what is decoded
 * here is people's conversations.
 */
@RestController
@RequestMapping("/codec")
@Hidden
class CodecController {
    private final PayloadCodec codec;
    private final boolean local;

    CodecController(PayloadCodec codec, ApiSettings settings) {
        this.codec = codec;
        this.local = settings.isLocal();
    }

    @PostMapping(path = "/decode", produces = MediaType.APPLICATION_JSON_VALUE)
    String decode(@RequestBody String body, @Nullable Authentication caller) {
        checkCaller(caller);
        return convert(body, codec::decode);
    }

    @PostMapping(path = "/encode", produces = MediaType.APPLICATION_JSON_VALUE)
    String encode(@RequestBody String body, @Nullable Authentication caller) {
        checkCaller(caller);
        return convert(body, codec::encode);
    }

    private void checkCaller(@Nullable Authentication authentication) {
        boolean operator = authentication != null
                && authentication.getPrincipal() instanceof Caller caller
                && caller.kind() == Caller.Kind.SESSION
                && caller.user().role() == Role.OPERATOR;
        if (!local && !operator) {
            throw ProblemException.of(ProblemCode.NOT_ALLOWED, "This needs the session of an operator.");
        }
    }

    private static String convert(String body, UnaryOperator<List<Payload>> conversion) {
        try {
            Payloads.Builder payloads = Payloads.newBuilder();
            JsonFormat.parser().merge(body, payloads);
            return JsonFormat.printer()
                    .omittingInsignificantWhitespace()
                    .print(Payloads.newBuilder()
                            .addAllPayloads(conversion.apply(payloads.getPayloadsList()))
                            .build());
        } catch (InvalidProtocolBufferException e) {
            throw ProblemException.of(ProblemCode.MALFORMED_JSON, "The body must be {\"payloads\":[…]}.");
        } catch (PayloadCodecException | IllegalArgumentException e) {
            throw ProblemException.of(ProblemCode.BAD_REQUEST, "A payload was not sealed with one of our keys.");
        }
    }
}
