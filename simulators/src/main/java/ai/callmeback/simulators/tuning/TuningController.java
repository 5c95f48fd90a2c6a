package ai.callmeback.simulators.tuning;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
@RequestMapping("/control/tuning")
class TuningController {
    private final TuningSwitch tuning;

    TuningController(TuningSwitch tuning) {
        this.tuning = tuning;
    }

    @GetMapping
    Tuning now() {
        return tuning.now();
    }

    @PatchMapping
    Tuning change(@RequestBody Tuning.Change change) {
        try {
            return tuning.change(change);
        } catch (IllegalArgumentException invalid) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, invalid.getMessage(), invalid);
        }
    }
}
