package ai.callmeback.simulators.phone;

import ai.callmeback.simulators.core.Confined;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.phone.PhoneCall.CallView;
import ai.callmeback.simulators.phone.PhoneRequests.Burst;
import ai.callmeback.simulators.phone.PhoneRequests.Keys;
import ai.callmeback.simulators.phone.PhoneRequests.PhoneLine;
import ai.callmeback.simulators.phone.PhoneRequests.PhoneRequest;
import ai.callmeback.simulators.phone.PhoneRequests.PhoneView;
import ai.callmeback.simulators.phone.PhoneRequests.Text;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** Phones, scripts and calls by HTTP: to set them up, to look at them, and to be the person at one of them. */
@RestController
@RequestMapping("/control")
class PhoneController {
    private static final Pattern NUMBER = Pattern.compile("\\+[1-9]\\d{1,14}");
    private static final Pattern KEYS = Pattern.compile("[0-9*#]{1,100}");
    private static final int MAX_SAY_CHARACTERS = 2_000;

    private final PhoneBook book;
    private final SimTime time;

    PhoneController(PhoneBook book, SimTime time) {
        this.book = book;
        this.time = time;
    }

    @GetMapping("/phones")
    Mono<List<PhoneLine>> phones() {
        return Confined.on(time, () -> book.phones().stream().map(PhoneLine::of).toList());
    }

    @GetMapping("/phones/{number}")
    Mono<PhoneView> phone(@PathVariable String number) {
        return Confined.on(time, () -> PhoneView.of(book.phone(checked(number))));
    }

    @PutMapping("/phones/{number}")
    Mono<PhoneView> configure(@PathVariable String number, @RequestBody PhoneRequest request) {
        return Confined.on(time, () -> {
            Phone phone = book.phone(checked(number));
            phone.configure(request.over(phone.settings(), book));
            return PhoneView.of(phone);
        });
    }

    @GetMapping("/default-phone")
    Mono<PhoneSettings> defaultPhone() {
        return Confined.on(time, book::defaults);
    }

    @PutMapping("/default-phone")
    Mono<PhoneSettings> configureDefault(@RequestBody PhoneRequest request) {
        return Confined.on(time, () -> {
            book.configureDefault(request.over(book.defaults(), book));
            return book.defaults();
        });
    }

    @GetMapping("/scripts")
    Mono<Map<String, List<Step>>> scripts() {
        return Confined.on(time, () -> new TreeMap<>(book.scripts()));
    }

    @PutMapping("/scripts/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> putScript(@PathVariable String name, @RequestBody List<Step> steps) {
        return Confined.run(time, () -> book.putScript(name, steps));
    }

    @GetMapping("/calls")
    Mono<List<CallView>> calls() {
        return Confined.on(
                time,
                () -> book.phones().stream()
                        .flatMap(phone -> phone.calls().stream())
                        .map(PhoneCall::view)
                        .toList());
    }

    @GetMapping("/calls/{callSid}")
    Mono<CallView> call(@PathVariable String callSid) {
        return Confined.on(
                time,
                () -> book.phones().stream()
                        .flatMap(phone -> phone.calls().stream())
                        .map(PhoneCall::view)
                        .filter(call -> call.callSid().equals(callSid))
                        .findFirst()
                        .orElseThrow(() -> new ResponseStatusException(
                                HttpStatus.NOT_FOUND, "no phone has had a call " + callSid)));
    }

    @PostMapping("/phones/{number}/answer")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> answer(@PathVariable String number) {
        return withRinging(number, PhoneCall::answer);
    }

    @PostMapping("/phones/{number}/decline")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> decline(@PathVariable String number) {
        return withRinging(number, PhoneCall::decline);
    }

    @PostMapping("/phones/{number}/say")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> say(@PathVariable String number, @RequestBody Text request) {
        if (request.text() == null || request.text().isBlank() || request.text().length() > MAX_SAY_CHARACTERS) {
            throw new IllegalArgumentException("text must have 1 to " + MAX_SAY_CHARACTERS + " characters");
        }
        return withTalking(number, call -> call.say(request.text().strip()));
    }

    @PostMapping("/phones/{number}/digits")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> digits(@PathVariable String number, @RequestBody Keys request) {
        if (request.digits() == null || !KEYS.matcher(request.digits()).matches()) {
            throw new IllegalArgumentException("digits must be 1 to 100 of 0-9, * and #");
        }
        return withTalking(number, call -> request.digits().chars().forEach(digit -> call.key((char) digit)));
    }

    @PostMapping("/phones/{number}/noise")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> noise(@PathVariable String number, @RequestBody Burst request) {
        if (request.millis() < 20 || request.millis() > 60_000) {
            throw new IllegalArgumentException("millis must be 20 to 60000, was " + request.millis());
        }
        return withTalking(number, call -> call.noise(request.millis()));
    }

    @PostMapping("/phones/{number}/hang-up")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> hangUp(@PathVariable String number) {
        return withTalking(number, PhoneCall::hangUp);
    }

    private Mono<Void> withRinging(String number, Consumer<PhoneCall> action) {
        return Confined.run(
                time,
                () -> action.accept(current(number)
                        .filter(PhoneCall::isRinging)
                        .orElseThrow(() -> new IllegalStateException("the phone " + number + " is not ringing"))));
    }

    private Mono<Void> withTalking(String number, Consumer<PhoneCall> action) {
        return Confined.run(
                time,
                () -> action.accept(current(number)
                        .filter(PhoneCall::isTalking)
                        .orElseThrow(() -> new IllegalStateException("the phone " + number + " is not on a call"))));
    }

    private Optional<PhoneCall> current(String number) {
        return book.existing(checked(number)).flatMap(Phone::current);
    }

    private static String checked(String number) {
        if (!NUMBER.matcher(number).matches()) {
            throw new IllegalArgumentException(number + " is no number in E.164 form");
        }
        return number;
    }
}
