package ai.callmeback.api.problem;

import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.web.util.HtmlUtils;

/** The catalogue of codes as a page; each code is an anchor, as the {@code type} of problem documents has it. */
final class ProblemPage {
    static final MediaType TYPE = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>Error codes · Call Me Back</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="/favicon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/css/base.css">
            <link rel="stylesheet" href="/css/problems.css">
            </head>
            <body>
            <main>
            <h1>Error codes</h1>
            <p>Every error is a problem document (RFC 9457) with one of these codes. A code never changes its meaning; the
            words around it may. For programs: this page with <code>Accept: application/json</code>.
            <a href="/docs">The API</a></p>
            """;

    private ProblemPage() {}

    static String of(ProblemCatalogue.Catalogue all) {
        StringBuilder page = new StringBuilder(HEAD);
        all.problems().forEach(each -> entry(page, "", each.code(), " " + each.status(), each.title(), each.remedy()));
        page.append(
                "<h1>Why a call was not made</h1>\n<p>An accepted call may be refused when its time has come.</p>\n");
        all.refusals().forEach(each -> entry(page, "refusal-", each.code(), "", each.message(), each.remedy()));
        return page.append("</main>\n</body>\n</html>\n").toString();
    }

    private static void entry(
            StringBuilder page, String prefix, String code, String status, String meaning, String remedy) {
        page.append("<section id=\"")
                .append(prefix)
                .append(code)
                .append("\">\n<h2><code>")
                .append(code)
                .append("</code><small>")
                .append(status)
                .append("</small></h2>\n<p>")
                .append(HtmlUtils.htmlEscape(sentence(meaning)))
                .append("</p>\n<p class=\"muted\">")
                .append(HtmlUtils.htmlEscape(remedy))
                .append("</p>\n</section>\n");
    }

    private static String sentence(String words) {
        return words.endsWith(".") ? words : words + ".";
    }
}
