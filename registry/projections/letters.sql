Letters: which tell of an application's decisions, and which one has a code.

-- of_application --
SELECT letter, number, code, parts, issued, sha256 FROM letters_now()
WHERE application = %(application)s
ORDER BY parts[1]

-- by_code --
SELECT letter, application, number, issued, sha256 FROM letters_now() WHERE code = %(code)s
