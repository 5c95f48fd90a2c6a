package ai.callmeback.api.problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webflux.error.ErrorWebExceptionHandler;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/** The one place where an exception becomes an answer. Runs before Spring Boot's own handler (order -1). */
@Component
@Order(-2)
class ProblemExceptionHandler implements ErrorWebExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(ProblemExceptionHandler.class);

    private final ProblemWriter writer;

    ProblemExceptionHandler(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        if (AbortedException.isConnectionReset(error)) {
            return Mono.empty();
        }
        ProblemException problem = ProblemTranslation.translate(error);
        if (problem.code() == ProblemCode.INTERNAL_ERROR) {
            log.error(
                    "{}request {} failed",
                    exchange.getLogPrefix(),
                    exchange.getRequest().getId(),
                    error);
        } else if (problem.code() == ProblemCode.STORAGE_UNAVAILABLE) {
            log.warn("{}storage unavailable: {}", exchange.getLogPrefix(), error.toString());
        }
        return writer.write(exchange, problem);
    }
}
