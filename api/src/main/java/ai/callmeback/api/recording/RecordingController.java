package ai.callmeback.api.recording;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.recording.Recordings;
import ai.callmeback.domain.CallId;
import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.workflows.codec.SealedBytes;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What was recorded of a call: opened, put together and sent stretch by stretch, so that no call is ever held whole. */
@RestController
@RequestMapping("/api/calls/{id}/recording")
@Tag(name = "Calls")
class RecordingController {
    private static final MediaType WAV = MediaType.parseMediaType("audio/wav");
    private static final int WINDOW_SAMPLES = 16_000;
    private static final DataBufferFactory BUFFERS = DefaultDataBufferFactory.sharedInstance;

    private final CallStore calls;
    private final Recordings recordings;
    private final SealedBytes seal;

    RecordingController(CallStore calls, Recordings recordings, PlatformSettings platform) {
        this.calls = calls;
        this.recordings = recordings;
        this.seal = SealedBytes.with(platform.payloadKeys().reveal());
    }

    @GetMapping
    @Operation(
            operationId = "getRecording",
            summary = "The recording of a call: stereo WAV, you on the left",
            description = "Answers a Range of bytes with 206.")
    @MayAnswer({ProblemCode.NOT_FOUND})
    Mono<ResponseEntity<Flux<DataBuffer>>> sound(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.RANGE, required = false) @Nullable String range,
            @CurrentCaller Caller caller) {
        return owned(caller, id)
                .flatMap(call -> recordings
                        .places(call)
                        .collectList()
                        .filter(places -> !places.isEmpty())
                        .switchIfEmpty(Mono.error(() -> ProblemException.notFound("recording")))
                        .map(places -> answer(call, SoundFile.of(places), range)));
    }

    private ResponseEntity<Flux<DataBuffer>> answer(CallId call, SoundFile file, @Nullable String asked) {
        long first = 0;
        long last = file.bytes() - 1;
        boolean part = false;
        if (asked != null) {
            try {
                List<HttpRange> ranges = HttpRange.parseRanges(asked);
                // Several at once are answered with all of it, which is always allowed.
                if (ranges.size() == 1) {
                    first = ranges.getFirst().getRangeStart(file.bytes());
                    last = ranges.getFirst().getRangeEnd(file.bytes());
                    part = true;
                }
            } catch (IllegalArgumentException e) {
                return ResponseEntity.status(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                        .header(HttpHeaders.CONTENT_RANGE, "bytes */" + file.bytes())
                        .build();
            }
            if (first > last || first >= file.bytes()) {
                return ResponseEntity.status(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                        .header(HttpHeaders.CONTENT_RANGE, "bytes */" + file.bytes())
                        .build();
            }
        }
        var response = ResponseEntity.status(part ? HttpStatus.PARTIAL_CONTENT : HttpStatus.OK)
                .contentType(WAV)
                .contentLength(last - first + 1)
                .cacheControl(CacheControl.noStore())
                .header(HttpHeaders.ACCEPT_RANGES, "bytes");
        if (part) {
            response.header(HttpHeaders.CONTENT_RANGE, "bytes " + first + "-" + last + "/" + file.bytes());
        }
        return response.body(bytes(call, file, first, last + 1));
    }

    /** From byte {@code from} to before {@code to}, a window of samples at a time. */
    private Flux<DataBuffer> bytes(CallId call, SoundFile file, long from, long to) {
        Flux<DataBuffer> head =
                from < SoundFile.HEADER_BYTES ? Flux.just(slice(file.header(), 0, from, to)) : Flux.empty();
        long firstSample = Math.max(0, from - SoundFile.HEADER_BYTES) / SoundFile.FRAME_BYTES;
        long lastSample = Math.max(0, to - SoundFile.HEADER_BYTES + SoundFile.FRAME_BYTES - 1) / SoundFile.FRAME_BYTES;
        long windows = (lastSample - firstSample + WINDOW_SAMPLES - 1) / WINDOW_SAMPLES;
        Flux<DataBuffer> frames = Flux.range(0, Math.toIntExact(windows)).concatMap(n -> {
            long begin = firstSample + (long) n * WINDOW_SAMPLES;
            long end = Math.min(lastSample, begin + WINDOW_SAMPLES);
            return window(call, file, begin, end)
                    .map(window -> slice(window, SoundFile.HEADER_BYTES + begin * SoundFile.FRAME_BYTES, from, to));
        });
        return head.concatWith(frames);
    }

    private Mono<byte[]> window(CallId call, SoundFile file, long begin, long end) {
        byte[] frames = new byte[Math.toIntExact((end - begin) * SoundFile.FRAME_BYTES)];
        return Flux.fromIterable(file.between(begin, end))
                .concatMap(piece -> recordings
                        .sound(call, piece.place())
                        .doOnNext(stored -> SoundFile.mix(frames, begin, piece, seal.open(stored))))
                .then(Mono.just(frames));
    }

    /** Of bytes that stand at {@code at} in the file, those within the range. */
    private static DataBuffer slice(byte[] bytes, long at, long from, long to) {
        int begin = (int) Math.max(0, from - at);
        int end = (int) Math.min(bytes.length, to - at);
        return BUFFERS.wrap(Arrays.copyOfRange(bytes, begin, Math.max(begin, end)));
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteRecording",
            summary = "Have the recording deleted, and nothing more of this call recorded",
            description = "A repeat finds nothing to do.")
    @MayAnswer({ProblemCode.NOT_FOUND})
    Mono<Void> forget(@PathVariable String id, @CurrentCaller Caller caller) {
        return owned(caller, id).flatMap(recordings::forget);
    }

    private Mono<CallId> owned(Caller caller, String id) {
        try {
            return calls.findOwned(caller.id(), CallId.parse(id))
                    .map(call -> call.id())
                    .switchIfEmpty(Mono.error(() -> ProblemException.notFound("call")));
        } catch (IllegalArgumentException e) {
            return Mono.error(ProblemException.notFound("call"));
        }
    }
}
