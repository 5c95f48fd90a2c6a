package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.FaultKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The vendor's Calls resource. */
@RestController
@RequestMapping("/twilio/" + Exchange.API_VERSION + "/Accounts/{account}")
class CallsController {
    /** However the ringing goes, the reply comes after this. */
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(10);

    private final Exchange exchange;
    private final TwilioReplies replies;

    CallsController(Exchange exchange) {
        this.exchange = exchange;
        this.replies = new TwilioReplies(exchange);
    }

    @PostMapping("/Calls.json")
    Mono<ResponseEntity<Object>> create(@PathVariable String account, ServerWebExchange web) {
        return web.getFormData().flatMap(form -> {
            String to = form.getFirst("To");
            Call[] created = new Call[1];
            Mono<ResponseEntity<Object>> reply = replies.reply(
                    web,
                    "createCall",
                    201,
                    account,
                    () -> {
                        created[0] = exchange.create(DialRequest.parse(form, exchange.settings()));
                        return CallJson.of(created[0].record());
                    },
                    to);
            return reply.flatMap(answer -> created[0] == null ? Mono.just(answer) : held(created[0], answer));
        });
    }

    private Mono<ResponseEntity<Object>> held(Call call, ResponseEntity<Object> answer) {
        return exchange.faults()
                .take(
                        Exchange.VENDOR,
                        "createCall",
                        EnumSet.of(FaultKind.CALLBACKS_BEFORE_REPLY),
                        call.callSid(),
                        call.number())
                .map(fault -> Mono.<ResponseEntity<Object>>create(
                                sink -> exchange.time().execute(() -> call.whenRang(() -> sink.success(answer))))
                        .timeout(LONGEST_HOLD, Mono.just(answer)))
                .orElse(Mono.just(answer));
    }

    @PostMapping("/Calls/{sid:CA[0-9a-f]+}.json")
    Mono<ResponseEntity<Object>> update(@PathVariable String account, @PathVariable String sid, ServerWebExchange web) {
        return web.getFormData()
                .flatMap(form -> replies.reply(
                        web,
                        "updateCall",
                        200,
                        account,
                        () -> {
                            required(sid, web);
                            update(exchange.find(sid).orElseThrow(Call::over), form);
                            return CallJson.of(required(sid, web));
                        },
                        sid,
                        exchange.numberOf(sid)));
    }

    private static void update(Call call, MultiValueMap<String, String> form) {
        String url = DialRequest.url(form, "Url", 21205);
        String twiml = form.getFirst("Twiml");
        String status = form.getFirst("Status");
        if (url != null && twiml != null) {
            throw TwilioError.invalid(20001, "Url and Twiml are mutually exclusive");
        }
        String statusCallback = DialRequest.url(form, "StatusCallback", 21609);
        if (statusCallback != null) {
            call.reportTo(statusCallback, DialRequest.method(form, "StatusCallbackMethod"));
        }
        if (form.getFirst("TimeLimit") != null) {
            call.limit(DialRequest.timeLimit(form));
        }
        if (status != null) {
            switch (status) {
                case "canceled" -> call.stop(false);
                case "completed" -> call.stop(true);
                default -> throw TwilioError.invalid(20001, "Status must be canceled or completed, was " + status);
            }
        } else if (url != null || twiml != null) {
            call.redirect(url, DialRequest.method(form, "Method"), twiml);
        }
    }

    @GetMapping("/Calls/{sid:CA[0-9a-f]+}.json")
    Mono<ResponseEntity<Object>> fetch(@PathVariable String account, @PathVariable String sid, ServerWebExchange web) {
        return replies.reply(
                web, "fetchCall", 200, account, () -> CallJson.of(required(sid, web)), sid, exchange.numberOf(sid));
    }

    @DeleteMapping("/Calls/{sid:CA[0-9a-f]+}.json")
    Mono<ResponseEntity<Object>> delete(@PathVariable String account, @PathVariable String sid, ServerWebExchange web) {
        return replies.reply(web, "deleteCall", 204, account, () -> {
            if (!required(sid, web).status().over()) {
                throw TwilioError.invalid(20009, "Cannot delete a call that is not over");
            }
            return exchange.forget(sid);
        });
    }

    @GetMapping("/Calls.json")
    Mono<ResponseEntity<Object>> list(@PathVariable String account, ServerWebExchange web) {
        MultiValueMap<String, String> query = web.getRequest().getQueryParams();
        return replies.reply(
                web,
                "listCalls",
                200,
                account,
                () -> CallList.page(exchange.newestFirst(), query, account),
                query.getFirst("To"));
    }

    @GetMapping("/Calls/{sid:CA[0-9a-f]+}/Recordings.json")
    Mono<ResponseEntity<Object>> recordings(
            @PathVariable String account, @PathVariable String sid, ServerWebExchange web) {
        return replies.reply(web, "recordings", 200, account, () -> {
            required(sid, web);
            return Map.of("recordings", List.of(), "page", 0, "page_size", 50);
        });
    }

    private CallRecord required(String sid, ServerWebExchange web) {
        return exchange.record(sid)
                .orElseThrow(() ->
                        TwilioError.notFound(web.getRequest().getPath().value().replaceFirst("^/twilio", "")));
    }
}
