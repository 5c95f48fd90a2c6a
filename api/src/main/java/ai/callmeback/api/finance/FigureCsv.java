package ai.callmeback.api.finance;

import ai.callmeback.db.figures.Figure;
import ai.callmeback.db.figures.FigurePeriod;
import ai.callmeback.db.figures.FigureReport;
import java.math.BigDecimal;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/** Figures as RFC 4180 has it. Names are codes and values are numbers, so nothing needs quotes, or runs as a formula. */
final class FigureCsv {
    private static final String END = "\r\n";

    private FigureCsv() {}

    static String of(FigureReport report) {
        StringBuilder csv = new StringBuilder("from,until,figure,unit,value,state,at").append(END);
        report.periods().forEach(period -> lines(csv, period));
        return csv.toString();
    }

    /** A table to be kept as a file. */
    static ResponseEntity<String> attachment(String name, String csv) {
        return ResponseEntity.ok()
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name).build().toString())
                .body(csv);
    }

    private static void lines(StringBuilder csv, FigurePeriod period) {
        for (Figure figure : period.figures()) {
            BigDecimal value = figure.value();
            csv.append(String.join(
                            ",",
                            period.from().toString(),
                            period.until().toString(),
                            figure.name(),
                            figure.unit().code(),
                            value == null ? "" : value.toPlainString(),
                            figure.state().code(),
                            figure.at().toString()))
                    .append(END);
        }
    }
}
